/**
 * A private exponent below about a third of the fourth root of the modulus (Wiener: Cryptanalysis of Short RSA Secret
 * Exponents, 1990): then k/d is a convergent of the continued fraction of e/n. The public exponent is as long as the modulus
 * then, so nothing is tried where it is short. What Boneh and Durfee reach besides (up to n^0.292) wants a lattice reduction
 * and is not tried.
 */
import { keyFactorable } from '../../../credential/findings/keyFactorable.ts';
import { bitLength, isSquare } from '../../../credential/integers.ts';
import type { WeakKeyCheck } from '../check.ts';

const SHORT_EXPONENT = 1n << 64n;

export const wiener: WeakKeyCheck = {
  find(key) {
    if (key.kind !== 'RSA' || !hasShortPrivateExponent(key.modulus, key.exponent)) return undefined;
    const message =
      'the private exponent of the key is so short that a continued fraction of its public numbers gives it away: anybody can compute the private key';
    return { rule: keyFactorable, message };
  },
};

function hasShortPrivateExponent(n: bigint, e: bigint): boolean {
  if (e <= SHORT_EXPONENT || e >= n) return false;
  // The bound of the theorem, and some more: a convergent costs little.
  const longest = (bitLength(n) >> 2) + 16;
  let [above, below] = [e, n];
  let [k, lastK] = [0n, 1n];
  let [d, lastD] = [1n, 0n];
  for (let first = true; below !== 0n; first = false) {
    const quotient = above / below;
    [above, below] = [below, above - quotient * below];
    if (first) continue;
    [k, lastK] = [quotient * k + lastK, k];
    [d, lastD] = [quotient * d + lastD, d];
    if (bitLength(d) > longest) return false;
    if (k !== 0n && givesFactors(n, e, k, d)) return true;
  }
  return false;
}

/** φ = (e·d − 1)/k, rounded; the factors are the roots of x² − (n − φ + 1)x + n. */
function givesFactors(n: bigint, e: bigint, k: bigint, d: bigint): boolean {
  const sum = n - (e * d) / k + 1n;
  return (sum & 1n) === 0n && isSquare((sum >> 1n) * (sum >> 1n) - n);
}
