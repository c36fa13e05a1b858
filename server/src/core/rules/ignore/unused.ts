import type { PolicySource } from '../../finding.ts';
import type { RuleContext } from '../context.ts';
import { ignoreComments, isComplete, isOver } from '../ignoreComment.ts';
import { ignores, isAbout } from '../ignored.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { isWaiverOver, waiversOf, waives } from '../waiver.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'ignore/unused',
    severity: 'warning',
    title: 'A comment or a waiver makes an exception from nothing',
    why: 'What it was about is corrected, or stands on another line. Left there it would hide the next mistake of that sort.',
    remedy: 'Remove the comment, or put it on the line of the finding or right above it.',
    readsFindings: true,
  },
  *check(context) {
    const { index, recorded, now, others } = context;
    if (others === undefined) return;
    const isAsked = (id: string): boolean => {
      const meta = others.metas.get(id);
      // Whether a finding on the record is there shows where the record was read, and only there.
      return (
        meta !== undefined &&
        meta.readsFindings !== true &&
        (meta.readsRecord ?? false) === (recorded !== undefined)
      );
    };
    for (const waiver of waiversOf(context)) {
      const { policy, path, rule: id, origin } = waiver;
      if (origin !== 'project' || !isAsked(id) || isWaiverOver(waiver, now)) continue;
      const found = others.about(new Set(waiver.identities));
      if (found.some((finding) => waives(waiver, finding))) continue;
      const binding = found.find((each) => each.rule === id)?.policy;
      yield report(policy, [...path, 'rule'], nothingToWaive(id, binding));
    }
    for (const comment of ignoreComments(index.files)) {
      if (!isAsked(comment.rule) || !isComplete(comment) || isOver(comment, now)) continue;
      const found = others.inFile(comment.file);
      if (found.some((finding) => ignores(comment, finding))) continue;
      const { file, range, removal } = comment;
      yield {
        message: nothingToIgnore(comment.rule, found.find((finding) => isAbout(comment, finding))?.policy),
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

/** `source`: it is there, and whoever asks for it makes no exception. */
function nothingToIgnore(rule: string, source: PolicySource | undefined): string {
  return source === undefined
    ? `there is no "${rule}" on this line to ignore; remove the comment`
    : `policy ${source.name} lets nobody ignore "${rule}"; correct it, and remove the comment`;
}

function nothingToWaive(rule: string, source: PolicySource | undefined): string {
  return source === undefined
    ? `none of these identities has "${rule}" to waive; remove the waiver`
    : `policy ${source.name} lets nobody waive "${rule}"; correct it, and remove the waiver`;
}
