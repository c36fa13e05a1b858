import { formatDuration, parseDuration } from '../../text/duration.ts';
import type { RuleContext } from '../context.ts';
import { renewalOf } from '../identityParts.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const SHORTEST_SECONDS = 24 * 3600;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'renewal/too-short-for-idac',
    severity: 'warning',
    perResource: true,
    title: 'A credential lives too short to be renewed from here',
    why: 'This tool runs when a person or a pipeline runs it. What lives less than a day must renew itself, or one missed run is an outage.',
    remedy:
      'Let the machine or the backend renew it (`renewal.by: machine` or `backend`), or let it live for a day at least.',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (!identity.usable || identity.kind === 'Workload') continue;
      const duration = parseDuration(identity.spec.duration ?? '');
      const by = renewalOf(identity, index).renewal?.by ?? 'idac';
      if (duration === undefined || duration >= SHORTEST_SECONDS || by !== 'idac') continue;
      const message = `${formatDuration(duration)} is too short to be renewed from here; write renewal.by: machine or backend`;
      yield report(identity, ['spec', 'duration'], message);
    }
  },
};
