import type { Fix } from '../../finding.ts';
import type { CertificateResource } from '../../manifest/resource.ts';
import { checkFormat } from '../../schema/formats/formats.ts';
import type { RuleContext } from '../context.ts';
import { addBefore, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const SERVER = ['serverAuth', 'server auth'];

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'certificate/server-name-missing',
    severity: 'warning',
    perResource: true,
    title: 'A server certificate has only a subject',
    why: 'Browsers and TLS libraries no longer look at the common name. They find no name in such a certificate and refuse the connection.',
    remedy: 'Add the names that clients connect to as dnsNames or ipAddresses (for SPIFFE workloads: uris).',
    standard: 'RFC 9525, 2; CA/Browser Forum Baseline Requirements, 7.1.4.3',
  },
  *check({ index }) {
    for (const certificate of index.certificates()) {
      if (!certificate.usable) continue;
      const { dnsNames, ipAddresses, uris, subject, usages } = certificate.spec;
      const isServer = usages === undefined || usages.some((usage) => SERVER.includes(usage));
      const count = [dnsNames, ipAddresses, uris].reduce((sum, names) => sum + (names?.length ?? 0), 0);
      if (!isServer || count > 0 || subject === undefined) continue;
      yield report(
        certificate,
        ['spec', 'subject'],
        'clients ignore the subject of a server; add the same name to dnsNames',
        { part: 'key', fixes: namesOf(certificate, subject) },
      );
    }
  },
};

/** The common name as `dnsNames`, where it is a host name. */
function namesOf(certificate: CertificateResource, subject: string): readonly Fix[] {
  const name = /(?:^|,) ?CN=([A-Za-z0-9.*-]{1,253})(?:,|$)/i.exec(subject)?.[1];
  if (name === undefined || !name.includes('.') || checkFormat('dns-name', name) !== undefined) return [];
  const fix = addBefore(certificate, ['spec'], 'subject', 'dnsNames', [name]);
  return fix === undefined ? [] : [fix];
}
