import { type ManifestPath, valueAt } from '../../manifest/path.ts';
import type { Resource } from '../../manifest/resource.ts';
import { backendTypeOf, described, schemaOf } from '../../schema/schemaAt.ts';
import { projectPathProblem } from '../../text/relativePath.ts';
import type { RuleContext } from '../context.ts';
import { replaceValue, report } from '../report.ts';
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
    for (const resource of index.resources) {
      if (!resource.usable) continue;
      for (const { path, text } of projectPaths(resource)) {
        const why = projectPathProblem(text.replaceAll('{machine}', 'machine'));
        if (why === undefined) continue;
        const slashed = text.replaceAll('\\', '/');
        const isMeant =
          slashed !== text && projectPathProblem(slashed.replaceAll('{machine}', 'machine')) === undefined;
        yield report(resource, path, `this is no path inside the project: ${why}`, {
          fixes: isMeant ? [replaceValue(resource, path, slashed, true)] : [],
        });
      }
    }
  },
};

/** What the schema says is a project's file, and deliveries: those `as: secret` have paths in a store's own name space. */
function* projectPaths({
  kind,
  spec,
}: Resource): Iterable<{ readonly path: ManifestPath; readonly text: string }> {
  const schema = schemaOf(kind, backendTypeOf({ spec }));
  if (schema === undefined) return;
  for (const { path, text, schema: field } of described(schema, { spec })) {
    const isDelivery = path.length === 4 && path[1] === 'deliverTo' && path[3] === 'path';
    const isFile = isDelivery
      ? valueAt({ spec }, [...path.slice(0, 3), 'as']) !== 'secret'
      : field.format === 'project-path';
    if (isFile) yield { path, text };
  }
}
