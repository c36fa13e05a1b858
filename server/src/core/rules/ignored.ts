import type { Finding } from '../finding.ts';
import type { RuleContext } from './context.ts';
import { type IgnoreComment, ignoreComments, isComplete, isOver } from './ignoreComment.ts';

export function ignores(
  { file, line, rule }: IgnoreComment,
  finding: Pick<Finding, 'file' | 'rule' | 'range'>,
): boolean {
  return finding.rule === rule && finding.file === file && finding.range.start.line === line;
}

/** The findings that no comment ignores now. */
export function withoutIgnored(
  findings: readonly Finding[],
  { index, now }: Pick<RuleContext, 'index' | 'now'>,
): readonly Finding[] {
  const comments = ignoreComments(index.files).filter(
    (comment) => isComplete(comment) && !isOver(comment, now),
  );
  if (comments.length === 0) return findings;
  return findings.filter(
    (finding) =>
      finding.rule.startsWith('ignore/') ||
      finding.policy?.binding === true ||
      !comments.some((comment) => ignores(comment, finding)),
  );
}
