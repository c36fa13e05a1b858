import { CREDENTIAL_RULES } from '../../credential/findings/registry.ts';
import type { ManifestPath } from '../../manifest/path.ts';
import type { PlaybookResource, PolicyResource, Resource } from '../../manifest/resource.ts';
import { DOCUMENT_RULES } from '../../schema/documentRules.ts';
import { nearest } from '../../text/nearest.ts';
import { quotable } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const MOST_FIXES = 3;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'reference/unknown-rule',
    severity: 'error',
    title: 'A policy or a playbook names a rule that does not exist',
    why: 'Such a policy asks for nothing, and such a playbook is never offered, though both read as if they were in force.',
    remedy: 'Write the id of a rule as findings show it, such as `key/readable-by-others`.',
    readsFindings: true,
  },
  *check({ index, recorded, others }) {
    if (recorded !== undefined || others === undefined) return;
    const known = new Set([
      ...others.metas.keys(),
      ...[...DOCUMENT_RULES, ...CREDENTIAL_RULES].map(({ id }) => id),
    ]);
    for (const resource of [...index.policies(), ...index.playbooks()]) {
      if (!resource.usable) continue;
      for (const { path, id, part } of namedRules(resource)) {
        if (known.has(id)) continue;
        const close = nearest(id, known);
        const hint = close[0] === undefined ? 'docs/rules lists them all' : `did you mean "${close[0]}"?`;
        const range = resource.locate(path, part);
        yield report(resource, path, `no rule is called ${quotable(id) ?? 'like this'}; ${hint}`, {
          part,
          fixes: close.slice(0, MOST_FIXES).map((each, place) => ({
            title: `Change to "${each}"`,
            preferred: place === 0,
            edits: [
              { file: resource.file, range, newText: isQuoted(range, id) ? JSON.stringify(each) : each },
            ],
          })),
        });
      }
    }
  },
};

/** The token is longer than what it says. */
function isQuoted({ start, end }: ReturnType<Resource['locate']>, id: string): boolean {
  return start.line === end.line && end.character - start.character > id.length;
}

interface NamedRule {
  readonly path: ManifestPath;
  readonly id: string;
  readonly part: 'key' | 'value';
}

function* namedRules(resource: PolicyResource | PlaybookResource): Generator<NamedRule> {
  if (resource.kind === 'Policy') {
    for (const id of Object.keys(resource.spec.rules ?? {}))
      yield { path: ['spec', 'rules', id], id, part: 'key' };
    for (const [place, { rule: id }] of (resource.spec.waivers ?? []).entries())
      yield { path: ['spec', 'waivers', place, 'rule'], id, part: 'value' };
    return;
  }
  for (const [place, id] of (resource.spec.trigger?.rules ?? []).entries())
    yield { path: ['spec', 'trigger', 'rules', place], id, part: 'value' };
}
