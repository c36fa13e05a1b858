import { formatDuration, parseDuration } from '../../text/duration.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'renewal/before-longer-than-duration',
    severity: 'error',
    perResource: true,
    title: 'A certificate is due for renewal on the day it is issued',
    why: 'Renewal starts this long before the end. Longer than the certificate lives means that it is renewed again and again.',
    remedy:
      'Make `renewal.before` shorter than `duration`, or leave it out: then it is a third of the lifetime.',
  },
  *check({ index }) {
    const defaults = index.project()?.usable === true ? index.project()?.spec.defaults : undefined;
    for (const certificate of index.certificates()) {
      if (!certificate.usable) continue;
      const { spec } = certificate;
      const before = parseDuration(spec.renewal?.before ?? defaults?.renewal?.before ?? '');
      const duration = parseDuration(spec.duration ?? defaults?.duration ?? '');
      if (before === undefined || duration === undefined || before < duration) continue;
      const path = spec.renewal?.before === undefined ? ['spec', 'duration'] : ['spec', 'renewal', 'before'];
      const message = `renewal ${formatDuration(before)} before the end of ${formatDuration(duration)} never stops; write less`;
      yield report(certificate, path, message);
    }
  },
};
