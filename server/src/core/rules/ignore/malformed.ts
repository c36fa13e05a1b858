import { DOCUMENT_RULES } from '../../schema/documentRules.ts';
import { nearest } from '../../text/nearest.ts';
import { quotable } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { SCAN_RULE_NAMES } from '../generated/otherRules.ts';
import { type IgnoreComment, ignoreComments } from '../ignoreComment.ts';
import { report } from '../report.ts';
import type { KnownRule, Rule } from '../rule.ts';
import { waiversOf } from '../waiver.ts';

const SCAN_RULES: ReadonlySet<string> = new Set(SCAN_RULE_NAMES.map(({ id }) => id));

const FORM = '# idac-ignore RULE until YYYY-MM-DD: reason';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'ignore/malformed',
    severity: 'error',
    title: 'A comment or a waiver that should make an exception does not say enough',
    why: 'An exception without a reason or an end stays for ever, and nobody dares to remove it. Until it is complete it has no effect.',
    remedy: `Write \`${FORM}\` at the end of the line, or on the line above. What makes a manifest unreadable or not fit its schema cannot be ignored: it stops every action.`,
    readsFindings: true,
  },
  *check(context) {
    const { index, recorded, others } = context;
    if (recorded !== undefined || others === undefined) return;
    for (const { policy, origin, path, owner, approvedBy } of waiversOf(context))
      if (origin === 'project' && approvedBy === owner)
        yield report(
          policy,
          [...path, 'approvedBy'],
          'who approves an exception is another than who owns it',
        );
    for (const comment of ignoreComments(index.files)) {
      const message = problem(comment, others.metas);
      if (message === undefined) continue;
      const { file, range, ruleRange } = comment;
      const close = others.metas.has(comment.rule) ? [] : nearest(comment.rule, others.metas.keys());
      yield {
        message,
        file,
        range,
        related: [],
        fixes: close.slice(0, 3).map((id, place) => ({
          title: `Change to "${id}"`,
          preferred: place === 0,
          edits: [{ file, range: ruleRange, newText: id }],
        })),
      };
    }
  },
};

function problem(
  { rule: id, until, reason }: IgnoreComment,
  metas: ReadonlyMap<string, KnownRule>,
): string | undefined {
  if (id === '' || id === 'until') return `name the rule: ${FORM}`;
  const shown = quotable(id) ?? 'this';
  if (DOCUMENT_RULES.some((each) => each.id === id))
    return `${shown} cannot be ignored, since it stops every action; correct it instead`;
  const meta = metas.get(id);
  if (SCAN_RULES.has(id))
    return `${shown} is found in files, where no comment counts; \`idac accept\` says what is no secret`;
  if (meta === undefined) {
    const close = nearest(id, metas.keys())[0];
    return `${shown} is no rule; ${close === undefined ? 'docs/rules lists them' : `did you mean "${close}"?`}`;
  }
  if (meta.readsFindings === true)
    return `${shown} is about these comments and cannot be ignored; correct the comment`;
  if (until === undefined) return `say until which day: ${FORM}`;
  if (reason === '') return 'say why, after a colon: whoever finds it later must know';
  return undefined;
}
