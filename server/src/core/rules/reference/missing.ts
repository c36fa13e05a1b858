import { formatIdentity } from '../../identity/identityId.ts';
import type { Resource } from '../../manifest/resource.ts';
import { nearest } from '../../text/nearest.ts';
import { quotable } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const MOST_FIXES = 5;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'reference/missing',
    severity: 'error',
    perResource: true,
    title: 'A manifest names a backend that is not declared',
    why: 'Nothing can be issued, stored or delivered by a backend that no manifest of the project describes.',
    remedy: 'Correct the name, or declare a Backend of that name. References never leave the project.',
  },
  *check({ index }) {
    const names = index.backends().map(({ name }) => name);
    const renamed = new Map(
      index.backends().flatMap(({ name, formerNames }) => formerNames.map((former) => [former, name])),
    );
    for (const resource of index.resources) {
      for (const reference of index.referencesFrom(resource)) {
        if (reference.kind !== 'Backend' || reference.target !== undefined) continue;
        yield missing(resource, reference, names, renamed.get(reference.name));
      }
    }
  },
};

function missing(
  resource: Resource,
  reference: { readonly path: Resource['names'][number]['path']; readonly name: string },
  names: readonly string[],
  newName: string | undefined,
) {
  const close = newName === undefined ? nearest(reference.name, names) : [newName];
  const others = names.filter((name) => !close.includes(name));
  const hint =
    newName !== undefined
      ? `it is called "${newName}" now`
      : close[0] === undefined
        ? 'declare it, or name one that is'
        : `did you mean "${close[0]}"?`;
  const fixes = [...new Set([...close, ...others])]
    .slice(0, MOST_FIXES)
    .map((name, place) => replaceValue(resource, reference.path, name, place === 0 && close.length > 0));
  const message = `no Backend is called ${quotable(reference.name) ?? 'like this'}; ${hint}`;
  return {
    ...report(resource, reference.path, message, { fixes }),
    why: `${formatIdentity(resource.id)} needs it.`,
  };
}
