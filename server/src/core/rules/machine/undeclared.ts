import { nearest } from '../../text/nearest.ts';
import { quotable } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'machine/undeclared',
    severity: 'warning',
    perResource: true,
    title: 'A certificate names a machine that is not declared',
    why: 'Without a Machine manifest nobody knows where it stands and whose it is, and a misspelt name makes a key for a machine that does not exist.',
    remedy: 'Correct the name, or declare a Machine of that name in the same namespace or in `default`.',
  },
  *check({ index }) {
    for (const resource of index.resources) {
      for (const reference of index.referencesFrom(resource)) {
        if (reference.kind !== 'Machine' || reference.target !== undefined) continue;
        const names = index
          .machines()
          .map(({ name, namespace }) =>
            namespace === resource.namespace || namespace === 'default' ? name : `${namespace}/${name}`,
          );
        const close = nearest(reference.name, new Set(names));
        const hint =
          close[0] === undefined ? 'declare it, so that its owner is known' : `did you mean "${close[0]}"?`;
        const message = `no Machine is called ${quotable(reference.name) ?? 'like this'}; ${hint}`;
        const fixes = close
          .slice(0, 5)
          .map((name, place) => replaceValue(resource, reference.path, name, place === 0));
        yield report(resource, reference.path, message, { fixes });
      }
    }
  },
};
