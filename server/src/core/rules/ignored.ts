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

/** Leaves out the findings from which a comment or a waiver makes an exception now. */
export function withoutIgnored(
  context: Pick<RuleContext, 'index' | 'now' | 'policies'>,
): (findings: readonly Finding[]) => readonly Finding[] {
  const { index, now } = context;
  const comments = new Map<string, IgnoreComment[]>();
  for (const comment of ignoreComments(index.files)) {
    if (!isComplete(comment) || isOver(comment, now)) continue;
    const others = comments.get(comment.file);
    if (others === undefined) comments.set(comment.file, [comment]);
    else others.push(comment);
  }
  const waivers = waiversOf(context).filter((waiver) => !isWaiverOver(waiver, now));
  if (comments.size === 0 && waivers.length === 0) return (findings) => findings;
  const isExcepted = (finding: Finding): boolean =>
    comments.get(finding.file)?.some((comment) => ignores(comment, finding)) === true ||
    waivers.some((waiver) => waives(waiver, finding));
  return (findings) =>
    findings.filter((finding) => finding.rule.startsWith('ignore/') || !isExcepted(finding));
}
