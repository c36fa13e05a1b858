import type { Fix } from '../../finding.ts';
import { CERT_MANAGER_GROUP, CERT_MANAGER_VERSION, qualifiedKind } from '../../identity/certManager.ts';
import type { ProjectIndex } from '../../identity/projectIndex.ts';
import type { ObservedCertificate, Resource } from '../../manifest/resource.ts';
import { quotable } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { allObservedCertificates } from '../observedCertificates.ts';
import { relatedTo, replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const REFERENCE = ['spec', 'issuerRef'];
const KIND = [...REFERENCE, 'kind'];
const NAME = ['metadata', 'name'];

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'cert-manager/issuer-kind',
    severity: 'warning',
    title: 'A certificate asks an issuer of the wrong kind',
    why: 'Without `kind` cert-manager looks for an Issuer in the certificate’s own namespace. It finds none, says so in a condition that nobody reads, and the Secret is never written.',
    remedy:
      'Write `kind: ClusterIssuer` for an issuer of the whole cluster. An issuer that does not come with cert-manager needs its `group`, too.',
  },
  *check({ index }) {
    for (const certificate of allObservedCertificates(index)) {
      const { issuerRef } = certificate.spec;
      if (issuerRef === undefined || (issuerRef.group ?? CERT_MANAGER_GROUP) !== CERT_MANAGER_GROUP) continue;
      const kind = issuerRef.kind ?? 'Issuer';
      if (kind !== 'Issuer' && kind !== 'ClusterIssuer') {
        const message = `${quotable(kind) ?? 'this'} is no kind of issuer of cert-manager's own; add its group, or write Issuer or ClusterIssuer`;
        yield report(certificate, KIND, message);
        continue;
      }
      // What is in the cluster alone is not known here; what the project declares is.
      const other = kind === 'Issuer' ? 'ClusterIssuer' : 'Issuer';
      const declared = issuersOf(index, kind, issuerRef.name);
      const [instead] = issuersOf(index, other, issuerRef.name);
      if (declared.length > 0 || instead === undefined) continue;
      const isWritten = certificate.find(KIND) !== undefined;
      const message = `${quotable(issuerRef.name) ?? 'this issuer'} is declared as ${other}, not as ${kind}`;
      yield report(
        certificate,
        isWritten ? KIND : [...REFERENCE, 'name'],
        `${message}; write kind: ${other}`,
        {
          related: [relatedTo(instead, NAME, 'declared here')],
          fixes: isWritten ? [replaceValue(certificate, KIND, other, true)] : addedKind(certificate, other),
        },
      );
    }
  },
};

/** Before the name, on its line or on one of its own. */
function addedKind(certificate: ObservedCertificate, kind: string): readonly Fix[] {
  const { file } = certificate;
  const name = certificate.find([...REFERENCE, 'name'], 'key')?.start;
  if (name === undefined || file.endsWith('.json')) return [];
  const isOneLine = certificate.find(REFERENCE, 'key')?.start.line === name.line;
  const newText = `kind: ${kind}${isOneLine ? ', ' : `\n${' '.repeat(name.character)}`}`;
  const edits = [{ file, range: { start: name, end: name }, newText }];
  return [{ title: `Add "kind: ${kind}"`, preferred: true, edits }];
}

function issuersOf({ ofKind }: ProjectIndex, kind: string, name: string): readonly Resource[] {
  return ofKind(qualifiedKind(CERT_MANAGER_VERSION, kind)).filter((each) => each.name === name);
}
