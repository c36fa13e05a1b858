import type { RuleContext } from '../context.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'project/more-than-one',
    severity: 'error',
    title: 'A repository has two Project manifests',
    why: 'Defaults and the place of the record would depend on which one is read first.',
    remedy: 'Keep one. A folder that is to be a project of its own has its own `.identity` folder.',
  },
  *check({ index }) {
    const [first, ...others] = index.ofKind('Project');
    if (first === undefined) return;
    for (const other of others) {
      // Of the same name: that is said by reference/duplicate-identity.
      if (other.name === first.name) continue;
      const related = [relatedTo(first, ['metadata', 'name'], 'the first one')];
      yield report(other, ['metadata', 'name'], 'a repository has one Project; this is another one', {
        related,
      });
    }
  },
};
