import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'certificate/no-name',
    severity: 'error',
    perResource: true,
    title: 'A certificate names nobody',
    why: 'Relying parties look at the subject alternative name alone. A certificate without any name is refused by authorities and by clients.',
    remedy:
      'Add dnsNames, ipAddresses, uris or emailAddresses; for something other than a server at least a subject.',
    standard: 'RFC 5280, 4.1.2.6 and 4.2.1.6; RFC 6125, 6.4.4',
  },
  *check({ index }) {
    for (const certificate of index.certificates()) {
      if (!certificate.usable) continue;
      const { dnsNames, ipAddresses, uris, emailAddresses, subject } = certificate.spec;
      const count = [dnsNames, ipAddresses, uris, emailAddresses].reduce(
        (sum, names) => sum + (names?.length ?? 0),
        0,
      );
      if (count > 0 || subject !== undefined) continue;
      yield report(
        certificate,
        ['spec'],
        'this certificate has no name; add dnsNames, ipAddresses, uris, emailAddresses or a subject',
        { part: 'key' },
      );
    }
  },
};
