/**
 * Primes up to 65,537 in a modulus. Most such moduli are damaged ones rather than made so, which is as bad: what is left is
 * often smooth. One division by the product of all these primes and one greatest common divisor (Handbook of Applied
 * Cryptography, 3.2.1, in one go).
 */
import { keyFactorable } from '../../../credential/findings/keyFactorable.ts';
import { greatestCommonDivisor, primesUpTo, productOf } from '../../../credential/integers.ts';
import type { WeakKeyCheck } from '../check.ts';

const LARGEST_SMALL_PRIME = 65_537;

let primorial: bigint | undefined;

function hasSmallFactor(modulus: bigint): boolean {
  if (modulus < BigInt(LARGEST_SMALL_PRIME)) return true;
  primorial ??= productOf(primesUpTo(LARGEST_SMALL_PRIME).map(BigInt));
  return greatestCommonDivisor(modulus, primorial % modulus) !== 1n;
}

export const smallFactors: WeakKeyCheck = {
  find(key) {
    if (key.kind !== 'RSA' || !hasSmallFactor(key.modulus)) return undefined;
    const message =
      (key.modulus & 1n) === 0n
        ? 'the modulus of the key is even, which no product of two large primes is: it is damaged, or made to be broken'
        : `the modulus of the key has a prime factor up to ${LARGEST_SMALL_PRIME}: it is damaged, or made to be broken`;
    // It would share that factor with many others.
    return { rule: keyFactorable, message, apart: true };
  },
};
