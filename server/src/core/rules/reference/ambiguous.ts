import type { ProjectIndex, Reference } from '../../identity/projectIndex.ts';
import { namesakes, referenceText } from '../../identity/references.ts';
import { oneOf } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { otherReferences, sharedReferences } from '../otherReferences.ts';
import { relatedTo, replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const MOST_FIXES = 5;
const MOST_SHOWN = 3;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'reference/ambiguous',
    severity: 'error',
    perResource: true,
    title: 'A name could mean several resources',
    why: 'A plain name is looked for in the manifest’s own namespace, then in `default`. Where several other namespaces have one of that name, nobody can tell which is meant.',
    remedy: 'Write the namespace before the name: `namespace/name`.',
  },
  check: ({ index }) => ambiguousAmong(sharedReferences(index), index),
  checkTogether: ({ index }) => ambiguousAmong(otherReferences(index), index),
};

function* ambiguousAmong(references: readonly Reference[], index: ProjectIndex) {
  for (const { target, from, path, ...named } of references) {
    const meant = target === undefined ? namesakes(index, named) : [];
    if (meant.length < 2) continue;
    const texts = meant.map((each) => referenceText(index, each, from.namespace, named.saysKind));
    yield report(from, path, `several are called so; write ${oneOf(texts.slice(0, MOST_SHOWN))}`, {
      related: meant
        .slice(0, MOST_FIXES)
        .map((each) => relatedTo(each, ['metadata', 'name'], `${each.kind} in ${each.namespace}`)),
      fixes: texts.slice(0, MOST_FIXES).map((text) => replaceValue(from, path, text, false)),
    });
  }
}
