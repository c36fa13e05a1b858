/** Moduli with common primes, held to comparing each with each. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { drained } from '../../../server/src/core/credential/inspect/derItems.ts';
import { primesUpTo } from '../../../server/src/core/credential/integers.ts';
import { cofactorRemainders } from '../../../server/src/core/keys/weak/batch/cofactorRemainders.ts';
import { sharedFactors } from '../../../server/src/core/keys/weak/batch/sharedFactors.ts';
import { hasProgram, needs } from '../../support/needs.ts';
import { prime, problemsOf, python, rsaKey } from '../../support/weakKeys.ts';

const PRIMES = primesUpTo(2000).slice(100).map(BigInt);

/** Products of two primes, some of which come up several times. */
const moduli = fc
  .uniqueArray(fc.tuple(fc.nat(PRIMES.length - 1), fc.nat(PRIMES.length - 1)), {
    maxLength: 60,
    selector: ([a, b]) => [a, b].sort((x, y) => x - y).join(),
  })
  .map((pairs) => pairs.map(([a, b]) => (PRIMES[a] ?? 2n) * (PRIMES[b] ?? 2n)));

describe('common primes of many moduli', function () {
  this.timeout(120_000);

  it('the product of all others, modulo each', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(2n, 1n << 300n), { maxLength: 40 }), (numbers) => {
        const expected = numbers.map((number, index) =>
          numbers.reduce((rest, other, at) => (at === index ? rest : (rest * other) % number), 1n % number),
        );
        const found = drained(cofactorRemainders(numbers)).map((rest, at) => rest % (numbers[at] ?? 1n));
        assert.deepEqual(found, expected);
      }),
      { numRuns: 300 },
    );
  });

  it('those that share, and with whom', () => {
    fc.assert(
      fc.property(moduli, (numbers) => {
        const shares = (a: bigint, b: bigint) => PRIMES.some((each) => a % each === 0n && b % each === 0n);
        const expected = new Map(
          numbers
            .map((number, index): [number, number[]] => [
              index,
              [...numbers.keys()].filter((at) => at !== index && shares(number, numbers[at] ?? 1n)),
            ])
            .filter(([, others]) => others.length > 0),
        );
        const found = drained(sharedFactors(numbers));
        assert.deepEqual(new Map([...found].sort(([a], [b]) => a - b)), expected);
      }),
      { numRuns: 300 },
    );
  });

  it('a ring in which both primes of each key stand in another one', () => {
    const ring = Array.from({ length: 5 }, () => prime(512));
    const keys = Object.fromEntries(
      ring.map((each, at) => [`key${at}`, rsaKey(each * (ring[(at + 1) % ring.length] ?? 3n))]),
    );
    const found = problemsOf({ ...keys, other: rsaKey(prime(512) * prime(512)) });
    assert.equal(found.size, 5);
    assert.deepEqual([...(found.get('key0')?.[0]?.others ?? [])].sort(), ['key1', 'key4']);
  });

  it('one modulus in two keys is one modulus, and shares nothing with itself', () => {
    const [p, q, r] = [prime(1024), prime(1024), prime(1024)];
    assert.equal(problemsOf({ a: rsaKey(p * q), b: rsaKey(p * q, 65_539n) }).size, 0);
    const found = problemsOf({ a: rsaKey(p * q), b: rsaKey(p * q, 65_539n), c: rsaKey(p * r) });
    assert.deepEqual(found.get('c')?.[0]?.others, ['a', 'b']);
    assert.deepEqual(found.get('b')?.[0]?.others, ['c']);
  });

  it('says what anybody else finds, and neither a factor nor a number', function () {
    needs(this, 'python3', hasProgram('python3'));
    const shared = prime(1024);
    const numbers = Array.from({ length: 50 }, (_, at) =>
      at % 10 === 3 ? shared * prime(1024) : prime(1024) * prime(1024),
    );
    const found = problemsOf(Object.fromEntries(numbers.map((each, at) => [String(at), rsaKey(each)])));
    const judged = python(
      'import sys, math\nn = [int(l) for l in sys.stdin]\nprint(*[i for i, a in enumerate(n) if any(i != j and math.gcd(a, b) > 1 for j, b in enumerate(n))])',
      numbers.join('\n'),
    );
    assert.deepEqual(
      [...found.keys()].sort((a, b) => Number(a) - Number(b)),
      judged.split(' '),
    );
    assert.doesNotMatch(JSON.stringify([...found]), /[0-9]{6}/);
  });
});
