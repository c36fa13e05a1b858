/** A modulus that is a power of one number: its root gives it away (squares are found with close primes). */
import { keyFactorable } from '../../../credential/findings/keyFactorable.ts';
import { bitLength } from '../../../credential/integers.ts';
import type { WeakKeyCheck } from '../check.ts';

/** Odd prime powers; beyond, the root of a modulus of usual size has small factors or is found by size. */
const EXPONENTS = [3n, 5n, 7n, 11n, 13n];

export const perfectPower: WeakKeyCheck = {
  find(key) {
    if (key.kind !== 'RSA' || !EXPONENTS.some((exponent) => isPower(key.modulus, exponent))) return undefined;
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
