import type { RuleContext } from '../context.ts';
import type { Rule } from '../rule.ts';

const START = { line: 0, character: 0 };

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'record/damaged-event',
    severity: 'error',
    title: 'An event of the record cannot be read',
    why: 'Events say what was issued, delivered and revoked. Without one of them the record may call a revoked certificate live, or forget one.',
    remedy: 'Restore the file from git. After a merge conflict keep both sides: events are never edited.',
    readsRecord: true,
  },
  *check({ recorded }) {
    for (const { file, why } of recorded?.damaged ?? []) {
      yield {
        message: `this event cannot be read: ${why}`,
        file,
        range: { start: START, end: START },
        related: [],
        fixes: [],
      };
    }
  },
};
