import { isPostQuantum } from '../../credential/keyAlgorithm.ts';
import { defaultsFor } from '../../policy/defaults.ts';
import type { KeySpec } from '../../schema/generated/specs.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

type Usage = NonNullable<KeySpec['usages']>[number];

const SIGNING: readonly Usage[] = ['sign', 'verify'];

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'key/usage-unfit',
    severity: 'error',
    perResource: true,
    title: 'A key is to be used for what its algorithm cannot do',
    why: 'Ed25519, ML-DSA and SLH-DSA sign, and do nothing else; a key on an elliptic curve signs or agrees on keys; RSA signs and encrypts. A key store refuses such a key, or makes one that fails on its first use.',
    remedy: 'Choose RSA to encrypt or wrap, a curve to derive, or take the usage out.',
    standard: 'RFC 8032; NIST SP 800-56A; RFC 8017',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (identity.kind !== 'Key' || !identity.usable) continue;
      const { algorithm: own, usages = [] } = identity.spec;
      const algorithm = own ?? defaultsFor(identity, index).values.keyAlgorithm ?? 'ECDSA-P256';
      const fit = usagesOf(algorithm);
      for (const [place, usage] of usages.entries()) {
        if (fit.includes(usage)) continue;
        const message = `${algorithm} cannot be used for "${usage}"; it is for ${fit.join(', ')}`;
        yield report(identity, ['spec', 'usages', place], message);
      }
    }
  },
};

function usagesOf(algorithm: NonNullable<KeySpec['algorithm']>): readonly Usage[] {
  if (algorithm === 'Ed25519' || isPostQuantum(algorithm)) return SIGNING;
  return algorithm.startsWith('ECDSA-')
    ? [...SIGNING, 'deriveKey']
    : [...SIGNING, 'encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];
}
