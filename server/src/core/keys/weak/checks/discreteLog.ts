/** DSA and Diffie-Hellman: sizes, and whether the numbers belong together (FIPS 186-4, A.1 and 4.7; SP 800-56A rev. 3, 5.6.2.3.1). */
import { keyBadParameters } from '../../../credential/findings/keyBadParameters.ts';
import { keyWeak } from '../../../credential/findings/keyWeak.ts';
import { powerModulo } from '../../../credential/integers.ts';
import type { KeyProblem, WeakKeyCheck } from '../check.ts';

/** NIST SP 800-131A rev. 2, 3 and 5. */
const LEAST_BITS = 2048;

export const discreteLog: WeakKeyCheck = {
  find(key) {
    if (key.kind !== 'DSA' && key.kind !== 'DH') return undefined;
    const { kind, p, q, g, y, bits } = key;
    if ((p & 1n) === 0n) return bad('its prime is even');
    if (g <= 1n || g >= p - 1n) return bad('its generator gives one or two values alone');
    if (y <= 1n || y >= p - 1n) return bad('its public number gives the private one away');
    if (q !== undefined) {
      if (q <= 1n || (p - 1n) % q !== 0n) return bad('its order does not divide its prime less one');
      if (powerModulo(y, q, p) !== 1n) return bad('its public number is outside of its group');
    }
    if (y === g) return bad('its public number is the generator, so its private number is 1');
    // Of DSA the size is told with the advice that nothing new may use it.
    if (kind === 'DSA' || bits >= LEAST_BITS) return undefined;
    return { rule: keyWeak, message: `the key is DH ${bits} bit, and ${LEAST_BITS} bits is the least` };
  },
};

function bad(why: string): KeyProblem {
  return { rule: keyBadParameters, message: `the numbers of the key do not belong together: ${why}` };
}
