import type { RuleContext } from '../context.ts';
import { observedCertificates } from '../observedCertificates.ts';
import { replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const PATH = ['spec', 'privateKey', 'rotationPolicy'];

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'cert-manager/key-never-rotated',
    severity: 'info',
    perResource: true,
    title: 'cert-manager renews the certificate and keeps the key',
    why: 'A key that has leaked once stays good for whoever has it through every renewal, and revoking one certificate does not end it.',
    remedy:
      'Write `rotationPolicy: Always`, unless something pins the key. It is the default since cert-manager 1.18.',
    standard: 'NIST SP 800-57 part 1, 5.3',
  },
  *check({ index }) {
    for (const certificate of observedCertificates(index)) {
      if (certificate.spec.privateKey?.rotationPolicy !== 'Never') continue;
      const message = 'every renewal keeps this key; write Always, unless something pins it';
      yield report(certificate, PATH, message, { fixes: [replaceValue(certificate, PATH, 'Always', true)] });
    }
  },
};
