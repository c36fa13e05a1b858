import { namesakes, referenceText } from '../../identity/references.ts';
import { oneOf } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { relatedTo, replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const MOST_FIXES = 5;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'reference/ambiguous',
    severity: 'error',
    perResource: true,
    title: 'A name could mean several resources',
    why: 'A plain name is looked for in the manifest’s own namespace, then in `default`. Where several other namespaces have one of that name, nobody can tell which is meant.',
    remedy: 'Write the namespace before the name: `namespace/name`.',
  },
  *check({ index }) {
    for (const resource of index.resources) {
      for (const reference of index.referencesFrom(resource)) {
        if (reference.target !== undefined) continue;
        const meant = namesakes(index, reference);
        if (meant.length < 2) continue;
        const texts = meant.map((each) => referenceText(index, each, resource.namespace, reference.saysKind));
        const message = `several are called so; write ${oneOf(texts.slice(0, 3))}`;
        yield report(resource, reference.path, message, {
          related: meant
            .slice(0, MOST_FIXES)
            .map((each) => relatedTo(each, ['metadata', 'name'], `${each.kind} in ${each.namespace}`)),
          fixes: texts
            .slice(0, MOST_FIXES)
            .map((text) => replaceValue(resource, reference.path, text, false)),
        });
      }
    }
  },
};
