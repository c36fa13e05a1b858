import { CREDENTIAL_RULES } from '../../credential/findings/registry.ts';
import type { Location } from '../../finding.ts';
import type { IdentityId } from '../../identity/identityId.ts';
import type { ProjectIndex } from '../../identity/projectIndex.ts';
import type { ManifestPath, PathPart } from '../../manifest/path.ts';
import type { PlaybookResource, PolicyResource } from '../../manifest/resource.ts';
import { CUSTOM } from '../../policy/customRules.ts';
import { rulesNamed, testDocuments } from '../../policy/policyTests.ts';
import { DOCUMENT_RULES } from '../../schema/documentRules.ts';
import { nearest } from '../../text/nearest.ts';
import type { Range } from '../../text/position.ts';
import { quotable } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { SCAN_RULE_NAMES } from '../generated/otherRules.ts';
import type { Rule } from '../rule.ts';

const MOST_FIXES = 3;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'reference/unknown-rule',
    severity: 'error',
    title: 'A policy, a test of policies or a playbook names a rule that does not exist',
    why: 'Such a policy asks for nothing, such a test finds it absent for ever, and such a playbook is never offered, though all read as if they were in force.',
    remedy: 'Write the id of a rule as findings show it, such as `key/readable-by-others`.',
    readsFindings: true,
  },
  *check({ index, recorded, others }) {
    if (recorded !== undefined || others === undefined) return;
    const known = new Set([
      ...others.metas.keys(),
      ...[...DOCUMENT_RULES, ...CREDENTIAL_RULES, ...SCAN_RULE_NAMES].map(({ id }) => id),
    ]);
    for (const { file, range, id, identity } of namedRules(index)) {
      if (known.has(id)) continue;
      const close = nearest(id, known);
      const hint = close[0] === undefined ? 'docs/rules lists them all' : `did you mean "${close[0]}"?`;
      yield {
        message: `no rule is called ${quotable(id) ?? 'like this'}; ${hint}`,
        ...(identity === undefined ? {} : { identity }),
        file,
        range,
        related: [],
        fixes: close.slice(0, MOST_FIXES).map((each, place) => ({
          title: `Change to "${each}"`,
          preferred: place === 0,
          edits: [{ file, range, newText: isQuoted(range, id) ? JSON.stringify(each) : each }],
        })),
      };
    }
  },
};

/** The token is longer than what it says. */
function isQuoted({ start, end }: Range, id: string): boolean {
  return start.line === end.line && end.character - start.character > id.length;
}

interface NamedRule extends Location {
  readonly id: string;
  readonly identity?: IdentityId;
}

function* namedRules(index: ProjectIndex): Generator<NamedRule> {
  for (const resource of [...index.policies(), ...index.playbooks()]) {
    if (!resource.usable) continue;
    for (const { path, id, part } of rulesOf(resource))
      yield { id, identity: resource.id, file: resource.file, range: resource.locate(path, part) };
  }
  for (const { file, document } of testDocuments(index.fileList))
    for (const { id, path } of rulesNamed(document)) {
      const range = document.locate(path);
      // A policy that the test names may make such a rule itself.
      if (range !== undefined && !id.startsWith(CUSTOM)) yield { id, file, range };
    }
}

function* rulesOf(
  resource: PolicyResource | PlaybookResource,
): Generator<{ readonly path: ManifestPath; readonly id: string; readonly part: PathPart }> {
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
