/** RSA keys with known faults, made when the test runs; Python judges that they really fall apart. */
import assert from 'node:assert/strict';
import { checkPrimeSync, generateKeyPairSync, randomInt } from 'node:crypto';
import { primesUpTo } from '../../../server/src/core/credential/integers.ts';
import { FERMAT_ROUNDS } from '../../../server/src/core/keys/weak/checks/fermat.ts';
import { hasProgram, needs } from '../../support/needs.ts';
import { inverse, nextPrime, prime, problemsOf, python, rsaKey, rulesFor } from '../../support/weakKeys.ts';

const FACTORABLE = { key: ['key/factorable'] };
const SMALL_PRIMES = primesUpTo(65_537).map(BigInt);
const PRIMORIAL = primesUpTo(701).reduce((product, each) => product * BigInt(each), 1n);

function rocaPrime(): bigint {
  const power = (exponent: bigint): bigint => {
    let result = 1n;
    for (const bit of exponent.toString(2)) {
      result = (result * result) % PRIMORIAL;
      if (bit === '1') result = (result * 65_537n) % PRIMORIAL;
    }
    return result;
  };
  for (;;) {
    const start = power(prime(200));
    const factor = prime(64);
    for (let k = factor; k < factor + 2000n; k += 1n)
      if (checkPrimeSync(k * PRIMORIAL + start)) return k * PRIMORIAL + start;
  }
}

/** Modulo each small prime a power of 65537, but not of one exponent. */
function likeRoca(): bigint {
  for (;;) {
    let number = PRIMORIAL * prime(1078);
    for (const each of primesUpTo(701).map(BigInt)) {
      const others = PRIMORIAL / each;
      let power = 1n;
      for (let times = randomInt(1000); times > 0; times--) power = (power * 65_537n) % each;
      number += power * others * inverse(others, each);
    }
    if (SMALL_PRIMES.every((each) => number % each !== 0n)) return number;
  }
}

describe('weak RSA keys', function () {
  this.timeout(120_000);

  it('close primes, as Python factors them, too', function () {
    needs(this, 'python3', hasProgram('python3'));
    for (const apart of [2n, 1n << 100n, 1n << 400n, 1n << 516n]) {
      const p = prime(1024);
      const modulus = p * nextPrime(p + apart);
      assert.deepEqual(rulesFor({ key: rsaKey(modulus) }), FACTORABLE, `${apart}`);
      const judged = python(
        'import math\nn = int(input())\na = math.isqrt(n) + 1\nwhile math.isqrt(a * a - n) ** 2 != a * a - n: a += 1\nprint(n % (a - math.isqrt(a * a - n)))',
        String(modulus),
      );
      assert.equal(judged, '0');
    }
  });

  it('up to the rounds that are stated, and no more', () => {
    // (p − q)² / (8 √n) rounds: p − q = √(8 · rounds) · n^(1/4).
    const p = prime(512);
    const reach = (rounds: number) => BigInt(Math.floor(Math.sqrt(8 * rounds))) << 256n;
    assert.deepEqual(rulesFor({ key: rsaKey(p * nextPrime(p + reach(FERMAT_ROUNDS / 4))) }), FACTORABLE);
    assert.deepEqual(rulesFor({ key: rsaKey(p * nextPrime(p + reach(FERMAT_ROUNDS * 4))) }), {});
  });

  it('a square, a cube, a prime, an even number, small factors, zero and one', () => {
    const p = prime(1024);
    const wrong = { p, square: p * p, cube: p * p * p, even: p * 2n, small: p * 65_537n, zero: 0n, one: 1n };
    for (const [name, modulus] of Object.entries(wrong))
      assert.equal(rulesFor({ key: rsaKey(modulus) })['key']?.[0], 'key/factorable', name);
    assert.deepEqual(rulesFor({ key: rsaKey(p * 65_539n) }), {}, 'the first prime that is not looked for');
  });

  it('small factors of some keys among many: those alone, and not as factors in common', () => {
    const sound = Array.from({ length: 40 }, () => prime(256) * prime(256));
    const damaged = [2n, 2n, 3n * 65_537n, 64_997n, PRIMORIAL].map((factor) => factor * prime(512));
    const keys = [...sound, ...damaged].map((modulus, index) => [`${index}`, rsaKey(modulus)] as const);
    const found = rulesFor(Object.fromEntries(keys));
    for (const [index, rules] of keys.map(([name]) => [Number(name), found[name]] as const))
      assert.equal(rules?.includes('key/factorable') ?? false, index >= sound.length, `${index}`);
    assert.doesNotMatch(JSON.stringify(found), /shared-factor/);
  });

  it('a short private exponent', () => {
    const [p, q] = [prime(1024), prime(1024)];
    const phi = (p - 1n) * (q - 1n);
    for (const bits of [64, 300, 500]) {
      const d = nextPrime(prime(bits));
      assert.deepEqual(rulesFor({ key: rsaKey(p * q, inverse(d, phi)) }), FACTORABLE, `${bits} bits`);
    }
    const long = nextPrime(prime(700));
    assert.deepEqual(rulesFor({ key: rsaKey(p * q, inverse(long, phi)) }), {});
  });

  it('ROCA, after its formula', () => {
    const modulus = rocaPrime() * rocaPrime();
    assert.deepEqual(rulesFor({ key: rsaKey(modulus) }), { key: ['key/roca'] });
    assert.deepEqual(rulesFor({ key: rsaKey(likeRoca()) }), {});
  });

  it('exponents', () => {
    const modulus = prime(1024) * prime(1024);
    const rules = (exponent: bigint) => rulesFor({ key: rsaKey(modulus, exponent) })['key'];
    for (const exponent of [0n, 1n, 2n, 65_536n, modulus, modulus + 2n])
      assert.deepEqual(rules(exponent), ['key/bad-exponent'], `${exponent}`);
    for (const exponent of [3n, 17n, 35n]) assert.deepEqual(rules(exponent), ['key/small-exponent']);
    for (const exponent of [65_537n, (1n << 255n) + 95n]) assert.equal(rules(exponent), undefined);
  });

  it('patterns: one octet over and over, hardly any ones, hardly any zeros', () => {
    const run = (BigInt(`0x${'ab'.repeat(20)}`) << 1800n) * 4n + prime(1500) * (1n << 8n) + 11n;
    const zeros = (1n << 2047n) + (1n << 1000n) + 9n;
    const ones = (1n << 2048n) - (1n << 900n) - 159n;
    for (const modulus of [run, zeros, ones]) {
      const found = rulesFor({ key: rsaKey(modulus) })['key'] ?? [];
      assert.ok(found.includes('key/not-random') || found.includes('key/factorable'), `${found}`);
    }
    const [problem] =
      problemsOf({ key: rsaKey(nextPrime(1n << 1100n) * nextPrime((1n << 900n) + (1n << 300n))) }).get(
        'key',
      ) ?? [];
    assert.equal(problem?.rule.id, 'key/not-random');
    assert.match(problem?.message ?? '', /% of its bits are ones|sixteen times/);
  });

  it('what is enormous is named and nothing of it computed', () => {
    const enormous = (1n << 1_000_000n) + 1n;
    const [problem] = problemsOf({ key: rsaKey(enormous) }).get('key') ?? [];
    assert.equal(problem?.rule.id, 'key/unchecked');
    assert.match(problem?.message ?? '', /the modulus of the key has 1000008 bits, and of more than 16384/);
    const [other] = problemsOf({ key: rsaKey(prime(1024) * prime(1024), enormous) }).get('key') ?? [];
    assert.match(other?.message ?? '', /the exponent of the key has/);
  });

  it('nothing of a thousand keys that OpenSSL made', () => {
    const pair = (bits: number) =>
      generateKeyPairSync('rsa', {
        modulusLength: bits,
        publicKeyEncoding: { type: 'spki', format: 'der' },
        privateKeyEncoding: { type: 'pkcs8', format: 'der' },
      }).publicKey;
    // Short ones show a pattern by chance no less than long ones, and take a fraction of the time.
    const keys = Object.fromEntries(
      Array.from({ length: 1000 }, (_, at) => [
        `${at}`,
        pair(at % 50 === 0 ? 2048 : at % 5 === 0 ? 1024 : 512),
      ]),
    );
    assert.deepEqual(rulesFor(keys), {});
  });
});
