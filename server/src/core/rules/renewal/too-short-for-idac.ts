import { formatDuration, parseDuration } from '../../text/duration.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const SHORTEST_SECONDS = 24 * 3600;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'renewal/too-short-for-idac',
    severity: 'warning',
    perResource: true,
    title: 'A certificate lives too short to be renewed from here',
    why: 'This tool runs when a person or a pipeline runs it. What lives less than a day must renew itself, or one missed run is an outage.',
    remedy:
      'Let the machine or the backend renew it (`renewal.by: machine` or `backend`), or let it live for a day at least.',
  },
  *check({ index }) {
    const defaults = index.project()?.usable === true ? index.project()?.spec.defaults : undefined;
    for (const certificate of index.certificates()) {
      if (!certificate.usable) continue;
      const { spec } = certificate;
      const duration = parseDuration(spec.duration ?? '');
      const by = spec.renewal?.by ?? defaults?.renewal?.by ?? 'idac';
      if (duration === undefined || duration >= SHORTEST_SECONDS || by !== 'idac') continue;
      const message = `${formatDuration(duration)} is too short to be renewed from here; write renewal.by: machine or backend`;
      yield report(certificate, ['spec', 'duration'], message);
    }
  },
};
