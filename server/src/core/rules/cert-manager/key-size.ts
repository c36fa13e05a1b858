import type { CertManagerPrivateKey } from '../../schema/generated/specs.ts';
import type { RuleContext } from '../context.ts';
import { observedCertificates } from '../observedCertificates.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const CURVES: readonly number[] = [256, 384, 521];

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'cert-manager/key-size',
    severity: 'error',
    perResource: true,
    title: 'A size of key that cert-manager does not make',
    why: 'cert-manager refuses the manifest when it is applied. Without `algorithm` the key is an RSA key, whatever the size looks like.',
    remedy: 'RSA takes 2048 to 8192, ECDSA takes 256, 384 or 521; Ed25519 needs no size.',
    standard: 'FIPS 186-5',
  },
  *check({ index }) {
    for (const certificate of observedCertificates(index)) {
      const message = problemOf(certificate.spec.privateKey ?? {});
      if (message !== undefined) yield report(certificate, ['spec', 'privateKey', 'size'], message);
    }
  },
};

function problemOf({ algorithm, size }: CertManagerPrivateKey): string | undefined {
  // A number that is filled in later is text.
  if (typeof size !== 'number' || algorithm === 'Ed25519') return undefined;
  if (algorithm === 'ECDSA')
    return CURVES.includes(size) ? undefined : `ECDSA has no key of ${size} bits; write 256, 384 or 521`;
  if (size >= 2048 && size <= 8192) return undefined;
  const isCurve = algorithm === undefined && CURVES.includes(size);
  return isCurve
    ? `without "algorithm" this is an RSA key of ${size} bits; add algorithm: ECDSA`
    : `an RSA key has 2048 to 8192 bits here, not ${size}`;
}
