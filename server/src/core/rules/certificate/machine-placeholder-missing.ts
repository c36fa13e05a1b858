import type { Fix } from '../../finding.ts';
import type { ManifestPath } from '../../manifest/path.ts';
import type { CertificateResource } from '../../manifest/resource.ts';
import type { RuleContext } from '../context.ts';
import { replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const PLACEHOLDER = '{machine}';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'certificate/machine-placeholder-missing',
    severity: 'error',
    perResource: true,
    title: 'Several machines share one path',
    why: 'Each machine has a key and a certificate of its own. Written to one path, each overwrites the one before, and all machines but the last serve the wrong key.',
    remedy: 'Put `{machine}` into the path; it stands for the machine’s name.',
  },
  *check({ index }) {
    for (const certificate of index.certificates()) {
      const { spec } = certificate;
      if (!certificate.usable || spec.keyPer === 'identity' || (spec.machines?.length ?? 0) < 2) continue;
      for (const { path, text } of perMachinePaths(certificate)) {
        if (text.includes(PLACEHOLDER)) continue;
        const message = `${spec.machines?.length} machines would share this path; put {machine} into it`;
        yield report(certificate, path, message, { fixes: [withPlaceholder(certificate, path, text)] });
      }
    }
  },
};

function perMachinePaths({
  spec,
}: CertificateResource): { readonly path: ManifestPath; readonly text: string }[] {
  const paths = (spec.deliverTo ?? []).map(({ path }, place) => ({
    path: ['spec', 'deliverTo', place, 'path'],
    text: path,
  }));
  const { csr } = spec.key ?? {};
  return csr === undefined ? paths : [...paths, { path: ['spec', 'key', 'csr'], text: csr }];
}

function withPlaceholder(certificate: CertificateResource, path: ManifestPath, text: string): Fix {
  const slash = text.lastIndexOf('/') + 1;
  return replaceValue(certificate, path, `${text.slice(0, slash)}${PLACEHOLDER}/${text.slice(slash)}`, true);
}
