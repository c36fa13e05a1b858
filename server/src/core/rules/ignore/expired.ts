import type { RuleContext } from '../context.ts';
import { ignoreComments, isComplete, isOver } from '../ignoreComment.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { isWaiverOver, waiversOf } from '../waiver.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'ignore/expired',
    severity: 'warning',
    title: 'A finding was ignored, or waived, until a day that is over',
    why: 'What was to be corrected by then shows again, and the comment or the waiver has no effect any more.',
    remedy:
      'Correct what it is about and remove the comment, or give it a new day and a reason that still holds.',
    readsFindings: true,
  },
  *check(context) {
    const { index, recorded, now } = context;
    if (recorded !== undefined) return;
    for (const waiver of waiversOf(context)) {
      if (waiver.origin !== 'project' || !isWaiverOver(waiver, now)) continue;
      const { policy, path, rule: id, until } = waiver;
      const message = `"${id}" was waived until ${until}; correct it, or give the waiver a new day`;
      yield report(policy, [...path, 'until'], message);
    }
    for (const comment of ignoreComments(index.files)) {
      if (!isComplete(comment) || !isOver(comment, now)) continue;
      const { file, range, removal, rule: id, until } = comment;
      yield {
        message: `"${id}" was ignored until ${until}; correct it, or give the comment a new day`,
        file,
        range,
        related: [],
        fixes: [
          { title: 'Remove the comment', preferred: false, edits: [{ file, range: removal, newText: '' }] },
        ],
      };
    }
  },
};
