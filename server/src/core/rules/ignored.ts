import type { Finding } from '../finding.ts';
import type { RuleContext } from './context.ts';
import { type IgnoreComment, ignoreComments, isComplete, isOver } from './ignoreComment.ts';
import { isWaiverOver, waiversOf, waives } from './waiver.ts';

/** Whether a comment is about a finding; one that a policy binds to is ignored by none. */
export function ignores(comment: IgnoreComment, finding: Finding): boolean {
  return isAbout(comment, finding) && finding.policy?.binding !== true;
}

export function isAbout(
  { file, line, rule }: IgnoreComment,
  finding: Pick<Finding, 'file' | 'rule' | 'range'>,
): boolean {
  return finding.rule === rule && finding.file === file && finding.range.start.line === line;
}

/** The findings from which no comment and no waiver makes an exception now. */
export function withoutIgnored(
  findings: readonly Finding[],
  context: Pick<RuleContext, 'index' | 'now' | 'policies'>,
): readonly Finding[] {
  const { index, now } = context;
  const comments = ignoreComments(index.files).filter(
    (comment) => isComplete(comment) && !isOver(comment, now),
  );
  const waivers = waiversOf(context).filter((waiver) => !isWaiverOver(waiver, now));
  if (comments.length === 0 && waivers.length === 0) return findings;
  return findings.filter(
    (finding) =>
      finding.rule.startsWith('ignore/') ||
      !(
        comments.some((comment) => ignores(comment, finding)) ||
        waivers.some((waiver) => waives(waiver, finding))
      ),
  );
}
