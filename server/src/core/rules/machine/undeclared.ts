import { namesakes } from '../../identity/references.ts';
import { quotable } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { likelyMeant } from '../likelyMeant.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'machine/undeclared',
    severity: 'warning',
    perResource: true,
    title: 'An identity names a machine that is not declared',
    why: 'Without a Machine manifest nobody knows where it stands and whose it is, and a misspelt name makes a key for a machine that does not exist.',
    remedy: 'Correct the name, or declare a Machine of that name in the same namespace or in `default`.',
  },
  *check(context) {
    const { index } = context;
    for (const resource of index.resources) {
      for (const reference of index.referencesFrom(resource)) {
        if (reference.kind !== 'Machine' || reference.target !== undefined) continue;
        if (namesakes(index, reference).length > 1) continue;
        const { hint, fixes } = likelyMeant(context, reference);
        const name = quotable(reference.name) ?? 'like this';
        const message = `no Machine is called ${name}; ${hint ?? 'declare it, so that its owner is known'}`;
        yield report(resource, reference.path, message, { fixes: hint === undefined ? [] : fixes });
      }
    }
  },
};
