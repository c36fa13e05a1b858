import { isPatch } from '../../identity/certManager.ts';
import type { JsonObject } from '../../manifest/path.ts';
import type { RuleContext } from '../context.ts';
import { observedCertificates } from '../observedCertificates.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const NAMES = ['dnsNames', 'ipAddresses', 'uris', 'emailAddresses', 'otherNames'] as const;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'cert-manager/no-name',
    severity: 'error',
    perResource: true,
    title: 'A certificate of cert-manager names nobody',
    why: 'cert-manager refuses a certificate without any name, and with two subjects.',
    remedy:
      'Add `dnsNames`, `ipAddresses`, `uris`, `emailAddresses`, `otherNames` or a `commonName`. A `literalSubject` is the whole subject: with it there is neither `subject` nor `commonName`.',
    standard: 'RFC 5280, 4.1.2.6 and 4.2.1.6',
  },
  *check({ index }) {
    for (const certificate of observedCertificates(index)) {
      const { spec } = certificate;
      const { commonName, subject, literalSubject } = spec;
      if (literalSubject !== undefined && (commonName !== undefined || subject !== undefined)) {
        const path = ['spec', commonName === undefined ? 'subject' : 'commonName'];
        yield report(certificate, path, '"literalSubject" is the whole subject; remove this, or that', {
          part: 'key',
        });
      }
      const isNamed =
        NAMES.some((field) => (spec[field]?.length ?? 0) > 0) ||
        (commonName ?? '') !== '' ||
        (literalSubject ?? '') !== '';
      if (isNamed || isPatch(spec as unknown as JsonObject)) continue;
      const message =
        'this certificate has no name; add dnsNames, ipAddresses, uris, emailAddresses or a commonName';
      yield report(certificate, ['spec'], message, { part: 'key' });
    }
  },
};
