/** A modulus that is a power of one number: its root gives it away (squares are found with close primes). */
import { keyFactorable } from '../../../credential/findings/keyFactorable.ts';
import { bitLength } from '../../../credential/integers.ts';
import type { WeakKeyCheck } from '../check.ts';

/**
 * Odd prime exponents; beyond, the root of a modulus of usual size has small factors or is found by size. Beside each, primes
 * that are one more than a multiple of it: modulo such a prime few numbers are powers, so that one division of the modulus
 * tells nearly all that are none (Bach and Sorenson: Sieve Algorithms for Perfect Power Testing, 1993).
 */
const EXPONENTS = (
  [
    [3, [7, 13, 19, 31, 37, 43]],
    [5, [11, 31, 41, 61, 71]],
    [7, [29, 43, 71, 113]],
    [11, [23, 67, 89, 199]],
    [13, [53, 79, 131, 157]],
  ] as const
).map(([exponent, primes]) => ({
  exponent: BigInt(exponent),
  product: primes.reduce((product, prime) => product * BigInt(prime), 1n),
  sieves: primes.map((prime) => ({ prime, powers: powersModulo(exponent, prime) })),
}));

export const perfectPower: WeakKeyCheck = {
  find(key) {
    if (
      key.kind !== 'RSA' ||
      !EXPONENTS.some((each) => mayBePower(key.modulus, each) && isPower(key.modulus, each.exponent))
    )
      return undefined;
    const message =
      'the modulus of the key is a power of one number, which its root gives away: anybody can compute the private key';
    return { rule: keyFactorable, message };
  },
};

function isPower(value: bigint, exponent: bigint): boolean {
  if (value < 2n) return false;
  // Newton's method from above.
  let root = 1n << (BigInt(bitLength(value)) / exponent + 1n);
  for (;;) {
    const next = ((exponent - 1n) * root + value / root ** (exponent - 1n)) / exponent;
    if (next >= root) return root ** exponent === value;
    root = next;
  }
}

function mayBePower(value: bigint, { product, sieves }: (typeof EXPONENTS)[number]): boolean {
  const rest = Number(value % product);
  return sieves.every(({ prime, powers }) => powers.has(rest % prime));
}

function powersModulo(exponent: number, prime: number): ReadonlySet<number> {
  const powerOf = (base: number): number => {
    let power = 1;
    for (let factor = 0; factor < exponent; factor++) power = (power * base) % prime;
    return power;
  };
  return new Set(Array.from({ length: prime }, (_, base) => powerOf(base)));
}
