import { eventFile } from '../../lifecycle/eventFile.ts';
import { leftStepText } from '../../lifecycle/leftStepText.ts';
import { formatDay } from '../../text/instant.ts';
import type { RuleContext } from '../context.ts';
import { NAME, recordedIdentities } from '../recorded.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const START = { line: 0, character: 0 };

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'record/given-up',
    severity: 'warning',
    title: 'An action was given up before its end',
    why: 'Its last steps failed for good, and somebody decided to go on without them. What was to be revoked may still be accepted, what was to be removed may still be there.',
    remedy:
      'Do it again once the cause is gone, or end what is left at the backend by hand. The next action on the identity ends this finding.',
    readsRecord: true,
    perResource: true,
  },
  *check(context) {
    for (const { resource, record } of recordedIdentities(context)) {
      for (const event of record.givenUp) {
        const { verb, undoing, left, machine, at } = event;
        const share = machine === undefined ? '' : ` on ${machine}`;
        yield report(
          resource,
          NAME,
          `${verb}${share} was given up on ${formatDay(at)}; ${undoing ? 'not taken back' : 'not done'}: ${left.map(leftStepText).join('; ')}`,
          {
            acts: { verbs: [verb], ...(machine === undefined ? {} : { machine }) },
            related: [
              { file: eventFile(event), range: { start: START, end: START }, message: 'given up here' },
            ],
          },
        );
      }
    }
  },
};
