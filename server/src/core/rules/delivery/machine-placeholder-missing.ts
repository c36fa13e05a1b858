import type { Fix } from '../../finding.ts';
import type { ManifestPath } from '../../manifest/path.ts';
import type { IdentityResource } from '../../manifest/resource.ts';
import type { RuleContext } from '../context.ts';
import { bearersOf, deliveriesOf, keyOf } from '../identityParts.ts';
import { replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const PLACEHOLDER = '{machine}';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'delivery/machine-placeholder-missing',
    severity: 'error',
    perResource: true,
    title: 'Several machines share one path',
    why: 'Each machine has a key and a credential of its own. Written to one path, each overwrites the one before, and all machines but the last get the wrong one.',
    remedy: 'Put `{machine}` into the path; it stands for the machine’s name.',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (!identity.usable) continue;
      const { machines, isPerMachine } = bearersOf(identity);
      if (!isPerMachine || machines.length < 2) continue;
      for (const { path, text } of perMachinePaths(identity)) {
        if (text.includes(PLACEHOLDER)) continue;
        const message = `${machines.length} machines would share this path; put {machine} into it`;
        yield report(identity, path, message, { fixes: [withPlaceholder(identity, path, text)] });
      }
    }
  },
};

function perMachinePaths(
  identity: IdentityResource,
): readonly { readonly path: ManifestPath; readonly text: string }[] {
  const paths = deliveriesOf(identity).map(({ path, to }) => ({ path: [...path, 'path'], text: to }));
  const { file, fromMachine } = keyOf(identity) ?? {};
  return file === undefined || fromMachine === undefined
    ? paths
    : [...paths, { path: ['spec', 'key', fromMachine], text: file }];
}

function withPlaceholder(identity: IdentityResource, path: ManifestPath, text: string): Fix {
  const slash = text.lastIndexOf('/') + 1;
  return replaceValue(identity, path, `${text.slice(0, slash)}${PLACEHOLDER}/${text.slice(slash)}`, true);
}
