/** The public exponent of RSA (RFC 8017, 3.1; FIPS 186-5, A.1.1). */
import { keyBadExponent } from '../../../credential/findings/keyBadExponent.ts';
import { keySmallExponent } from '../../../credential/findings/keySmallExponent.ts';
import type { KeyProblem, WeakKeyCheck } from '../check.ts';

/** FIPS 186-5, A.1.1: an odd number above 2^16 and below 2^256. What is longer is rare, and no weakness by itself. */
const LEAST = 65_537n;

export const exponent: WeakKeyCheck = {
  find(key) {
    if (key.kind !== 'RSA') return undefined;
    const { modulus, exponent: e } = key;
    if (e <= 1n) return bad(`it is ${e}: what is encrypted stays as it was, and anybody can sign`);
    if ((e & 1n) === 0n) return bad('it is even: such a key has no private exponent');
    if (e >= modulus) return bad('it is not below the modulus, and libraries refuse such keys');
    if (e >= LEAST) return undefined;
    const message = `the public exponent of the key is ${e}: mistakes in padding, which ${LEAST} forgives, are fatal with it`;
    return { rule: keySmallExponent, message };
  },
};

function bad(why: string): KeyProblem {
  return { rule: keyBadExponent, message: `the public exponent of the key is no use: ${why}` };
}
