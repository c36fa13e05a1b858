import type { ManifestPath } from '../../manifest/path.ts';
import type { CertificateResource } from '../../manifest/resource.ts';
import { described, schemaOf } from '../../schema/schemaAt.ts';
import { projectPathProblem } from '../../text/relativePath.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'path/outside-project',
    severity: 'error',
    perResource: true,
    title: 'A path leads out of the project, or works on one system only',
    why: 'A manifest can come from anybody who can open a pull request. One that could write to any file of the user’s account, or reach another computer, would be an attack; one that works on one system only breaks for the others.',
    remedy:
      'Write the path relative to the project’s folder, with forward slashes, without `..`, drives, device names or colons.',
    standard: 'CWE-22',
  },
  *check({ index }) {
    for (const certificate of index.certificates()) {
      if (!certificate.usable) continue;
      for (const { path, text } of projectPaths(certificate)) {
        const why = projectPathProblem(text.replaceAll('{machine}', 'machine'));
        if (why !== undefined) yield report(certificate, path, `this is no path inside the project: ${why}`);
      }
    }
    for (const backend of index.resources) {
      if (backend.kind !== 'Backend') continue;
      const schema = schemaOf('Backend', String(backend.spec['type']));
      const spec = index.files.get(backend.file)?.documents[backend.documentIndex]?.value;
      if (!backend.usable || schema === undefined || spec === undefined) continue;
      for (const { path, text, schema: field } of described(schema, spec)) {
        const why = field.format === 'project-path' ? projectPathProblem(text) : undefined;
        if (why !== undefined) yield report(backend, path, `this is no path inside the project: ${why}`);
      }
    }
  },
};

/** Deliveries as `secret` have paths in a store's own name space; all others are files. */
function projectPaths({
  spec,
}: CertificateResource): readonly { readonly path: ManifestPath; readonly text: string }[] {
  const files = (spec.deliverTo ?? []).flatMap((delivery, place) =>
    delivery.as === 'secret' ? [] : [{ path: ['spec', 'deliverTo', place, 'path'], text: delivery.path }],
  );
  const { csr } = spec.key ?? {};
  return csr === undefined ? files : [...files, { path: ['spec', 'key', 'csr'], text: csr }];
}
