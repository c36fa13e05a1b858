import { folderOf, isFilledInLater, isPatch } from '../../identity/certManager.ts';
import type { JsonObject } from '../../manifest/path.ts';
import type { ObservedCertificate } from '../../manifest/resource.ts';
import type { RuleContext } from '../context.ts';
import { allObservedCertificates } from '../observedCertificates.ts';
import { overlapsBy } from '../overlaps.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const SECRET = ['spec', 'secretName'];

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'cert-manager/secret-collision',
    severity: 'error',
    title: 'Two certificates of cert-manager write to one Secret',
    why: 'Each of them finds a certificate in the Secret that is not its own and issues again: they overwrite each other in a loop, until the authority’s rate limit ends it. Whoever reads the Secret gets now one, now the other.',
    remedy:
      'Give each Certificate a `secretName` of its own. One certificate for several names is one Certificate with several `dnsNames`.',
  },
  *check({ index }) {
    for (const { items } of sameSecret(allObservedCertificates(index))) {
      const [first, ...others] = items;
      if (first === undefined) continue;
      for (const other of others) {
        // The same object again, for another cluster, or a second time: that has a finding of its own.
        if (other.key === first.key) continue;
        const message = `${first.key} writes to this Secret, too; give each its own`;
        yield report(other, SECRET, message, { related: [relatedTo(first, SECRET, 'the other one')] });
      }
    }
  },
};

function secretOf(certificate: ObservedCertificate): readonly string[] {
  const { spec } = certificate;
  const { secretName } = spec;
  if (isPatch(spec as unknown as JsonObject) || secretName === undefined || isFilledInLater(secretName))
    return [];
  // Without a namespace it is decided by whoever applies it, and that is done folder by folder.
  const isWritten = certificate.find(['metadata', 'namespace']) !== undefined;
  const where = isWritten ? ['namespace', certificate.namespace] : ['folder', folderOf(certificate)];
  return [JSON.stringify([...where, secretName])];
}

const sameSecret = overlapsBy((certificate: ObservedCertificate) => [certificate], secretOf);
