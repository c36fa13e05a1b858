/** Arithmetic on large numbers, held to its definitions and to plain ways to do the same. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  bitLength,
  greatestCommonDivisor,
  isSquare,
  powerModulo,
  squareRoot,
} from '../../server/src/core/credential/integers.ts';
import { toBigInt } from '../../server/src/core/credential/octets.ts';

function euclid(a: bigint, b: bigint): bigint {
  return b === 0n ? a : euclid(b, a % b);
}

const large = fc.integer({ min: 1, max: 5000 }).chain((bits) => fc.bigInt(0n, (1n << BigInt(bits)) - 1n));
const runs = { numRuns: 2000 };

describe('arithmetic on large numbers', function () {
  this.timeout(120_000);

  it('a number from octets, as they are written in hex, however many there are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), fc.nat(9), (octets, skipped) => {
        const some = octets.subarray(skipped);
        const hex = Buffer.from(some).toString('hex');
        assert.equal(toBigInt(some), hex === '' ? 0n : BigInt(`0x${hex}`));
      }),
    );
  });

  it('the greatest common divisor, as Euclid has it', () => {
    fc.assert(
      fc.property(large, large, large, (a, b, common) => {
        assert.equal(greatestCommonDivisor(a * common, b * common), euclid(a * common, b * common));
        assert.equal(greatestCommonDivisor(a, b), euclid(a, b));
      }),
      runs,
    );
  });

  it('of neighbours in the sequence of Fibonacci, which take the most steps', () => {
    let [a, b] = [1n, 1n];
    for (let step = 0; step < 4000; step++) {
      [a, b] = [b, a + b];
      if (step % 97 === 0) assert.equal(greatestCommonDivisor(a, b), 1n);
    }
  });

  it('square roots', () => {
    fc.assert(
      fc.property(large, (value) => {
        const root = squareRoot(value);
        assert.ok(root * root <= value && (root + 1n) * (root + 1n) > value);
        assert.equal(isSquare(value), root * root === value);
        assert.ok(isSquare(value * value));
        if (value > 1n) assert.ok(!isSquare(value * value + 1n) && !isSquare(value * value - 1n));
      }),
      runs,
    );
  });

  it('lengths and powers', () => {
    fc.assert(
      fc.property(large, (value) =>
        assert.equal(bitLength(value), value === 0n ? 0 : value.toString(2).length),
      ),
      runs,
    );
    fc.assert(
      fc.property(
        fc.bigInt(-1000n, 1000n),
        fc.bigInt(0n, 50n),
        fc.bigInt(1n, 10n ** 9n),
        (base, exponent, modulus) => {
          const expected = base ** exponent % modulus;
          assert.equal(powerModulo(base, exponent, modulus), expected < 0n ? expected + modulus : expected);
        },
      ),
      runs,
    );
  });
});
