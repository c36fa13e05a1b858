/**
 * A modulus, or the prime of DSA, that is visibly not random. Half of the bits of a product of random primes are ones, within
 * 1.1 % (one standard deviation at 2,048 bits); and no octet comes sixteen times in a row. Where zeros prevail, the number is
 * a polynomial with small coefficients, and such polynomials are factored at once (Böck: badkeys, rsapoly and rsabias, 2024).
 * Standard groups of Diffie-Hellman (RFC 3526, RFC 7919) begin and end with 64 ones on purpose and pass.
 */
import { keyNotRandom } from '../../../credential/findings/keyNotRandom.ts';
import type { WeakKeyCheck } from '../check.ts';

const LONGEST_RUN = 16;

export const notRandom: WeakKeyCheck = {
  find(key) {
    if (key.kind !== 'RSA' && key.kind !== 'DSA') return undefined;
    const hex = (key.kind === 'RSA' ? key.modulus : key.p).toString(16);
    const what = key.kind === 'RSA' ? 'modulus' : 'prime';
    const run = hasLongRun(hex);
    const share = shareOfOnes(hex, key.bits);
    if (!run && Math.abs(share - 0.5) <= allowedBias(key.bits)) return undefined;
    const seen = run
      ? 'one octet stands in it sixteen times and more in a row'
      : `${Math.round(share * 100)} % of its bits are ones`;
    return {
      rule: keyNotRandom,
      message: `the ${what} of the key is not random: ${seen}; keys with such patterns have been broken`,
    };
  },
};

/** Nine standard deviations, so that it never happens by chance. */
function allowedBias(bits: number): number {
  return 4.5 / Math.sqrt(bits);
}

const ONES: Readonly<Record<string, number>> = Object.fromEntries(
  Array.from({ length: 16 }, (_, digit) => [
    digit.toString(16),
    [...digit.toString(2)].filter((bit) => bit === '1').length,
  ]),
);

function shareOfOnes(hex: string, bits: number): number {
  let ones = 0;
  for (const digit of hex) ones += ONES[digit] ?? 0;
  return ones / Math.max(1, bits);
}

function hasLongRun(hex: string): boolean {
  const start = hex.length % 2;
  let run = 0;
  for (let at = start + 2; at + 1 < hex.length; at += 2) {
    run = hex[at] === hex[at - 2] && hex[at + 1] === hex[at - 1] ? run + 1 : 0;
    if (run >= LONGEST_RUN - 1) return true;
  }
  return false;
}
