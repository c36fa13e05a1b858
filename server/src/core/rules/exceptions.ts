import type { Finding, Location } from '../finding.ts';
import type { RuleContext } from './context.ts';
import { ignoreComments, isComplete, isOver } from './ignoreComment.ts';
import { ignores } from './ignored.ts';
import { isWaiverOver, waiversOf, waives } from './waiver.ts';

/** Why a finding is not held against an identity now: who said so, and until when. */
export interface Exception extends Location {
  readonly by: 'waiver' | 'comment';
  /** Who answers for a waiver; a comment's is whoever committed it. */
  readonly owner?: string;
  readonly reason: string;
  /** The last day. */
  readonly until: string;
}

/** What waivers and comments in force except; the first that is about a finding speaks. */
export function exceptionsIn(
  context: Pick<RuleContext, 'index' | 'now' | 'policies'>,
): (finding: Finding) => Exception | undefined {
  const { index, now } = context;
  const waivers = waiversOf(context).filter((waiver) => !isWaiverOver(waiver, now));
  const comments = ignoreComments(index.files).filter(
    (comment) => isComplete(comment) && !isOver(comment, now),
  );
  return (finding) => {
    const waiver = waivers.find((each) => waives(each, finding));
    if (waiver !== undefined) {
      const { owner, reason, until, policy, path } = waiver;
      return {
        by: 'waiver',
        owner,
        reason,
        until,
        file: policy.file,
        range: policy.locate([...path, 'rule'], 'value'),
      };
    }
    const comment = comments.find((each) => ignores(each, finding));
    if (comment === undefined) return undefined;
    const { reason = '', until = '', file, range } = comment;
    return { by: 'comment', reason, until, file, range };
  };
}
