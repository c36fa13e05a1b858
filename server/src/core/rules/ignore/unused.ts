import type { RuleContext } from '../context.ts';
import { ignoreComments, isComplete, isOver } from '../ignoreComment.ts';
import { ignores } from '../ignored.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'ignore/unused',
    severity: 'warning',
    title: 'A comment ignores a finding that is not there',
    why: 'What it was about is corrected, or stands on another line. Left there it would hide the next mistake of that sort.',
    remedy: 'Remove the comment, or put it on the line of the finding or right above it.',
    readsFindings: true,
  },
  *check({ index, recorded, now, others }) {
    if (others === undefined) return;
    for (const comment of ignoreComments(index.files)) {
      const meta = others.metas.get(comment.rule);
      if (meta === undefined || meta.readsFindings === true) continue;
      // Whether a finding on the record is there shows where the record was read, and only there.
      if ((meta.readsRecord ?? false) !== (recorded !== undefined)) continue;
      if (!isComplete(comment) || isOver(comment, now)) continue;
      if (others.findings.some((finding) => ignores(comment, finding))) continue;
      const { file, range, removal } = comment;
      yield {
        message: `there is no "${comment.rule}" on this line to ignore; remove the comment`,
        file,
        range,
        related: [],
        fixes: [
          { title: 'Remove the comment', preferred: true, edits: [{ file, range: removal, newText: '' }] },
        ],
      };
    }
  },
};
