import { eventFile } from '../../lifecycle/eventFile.ts';
import { rivals } from '../../lifecycle/record.ts';
import type { RuleContext } from '../context.ts';
import { NAME, of, recordedCertificates } from '../recorded.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const START = { line: 0, character: 0 };

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'record/two-live-generations',
    severity: 'error',
    title: 'Two branches renewed the same identity',
    why: 'Both certificates are valid and neither replaces the other. Only one of them can be where it is used; the other is a key that nobody watches.',
    remedy: 'Rotate the identity: one new certificate takes over from both.',
    readsRecord: true,
  },
  *check(context) {
    for (const { resource, record } of recordedCertificates(context)) {
      for (const live of record.live.values()) {
        const [first, ...others] = rivals(live);
        if (first === undefined) continue;
        const message = `${others.length + 1} certificates${of(first)} are live and none replaces the other; rotate it`;
        yield report(resource, NAME, message, {
          related: [first, ...others].map(({ issued }) => ({
            file: eventFile(issued),
            range: { start: START, end: START },
            message: `issued ${issued.at.slice(0, 10)} by ${issued.actor.name}, serial ${issued.credential.serialNumber}`,
          })),
        });
      }
    }
  },
};
