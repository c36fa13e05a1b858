import { formatDuration, parseDuration } from '../../text/duration.ts';
import type { RuleContext } from '../context.ts';
import { renewalOf } from '../identityParts.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'renewal/before-longer-than-duration',
    severity: 'error',
    perResource: true,
    title: 'It is due for renewal on the day it is issued',
    why: 'Renewal starts this long before the end. Longer than it lives means that it is renewed again and again.',
    remedy:
      'Make `renewal.before` shorter than `duration`, or leave it out: then it is a third of the lifetime.',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (!identity.usable || identity.kind === 'Workload') continue;
      const { renewal, duration: text = '' } = renewalOf(identity, index);
      const before = parseDuration(renewal?.before ?? '');
      const duration = parseDuration(text);
      if (before === undefined || duration === undefined || before < duration) continue;
      const path =
        identity.spec.renewal?.before === undefined ? ['spec', 'duration'] : ['spec', 'renewal', 'before'];
      const message = `renewal ${formatDuration(before)} before the end of ${formatDuration(duration)} never stops; write less`;
      yield report(identity, path, message);
    }
  },
};
