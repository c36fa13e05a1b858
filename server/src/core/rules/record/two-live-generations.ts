import { eventFile } from '../../lifecycle/eventFile.ts';
import { countOf } from '../../lifecycle/kindTraits.ts';
import { rivals } from '../../lifecycle/record.ts';
import type { RuleContext } from '../context.ts';
import { takingOver } from '../inUse.ts';
import { NAME, of, recordedIdentities } from '../recorded.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const START = { line: 0, character: 0 };

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'record/two-live-generations',
    severity: 'error',
    title: 'Two branches renewed the same identity',
    why: 'Both credentials are valid and neither replaces the other. Only one of them can be where it is used; the other is one that nobody watches.',
    remedy: 'Rotate the identity: one new credential takes over from both. A registration is renewed.',
    readsRecord: true,
    perResource: true,
  },
  *check(context) {
    for (const { resource, record } of recordedIdentities(context)) {
      for (const live of record.live.values()) {
        const [first, ...others] = rivals(live);
        if (first === undefined) continue;
        const acts = takingOver(resource.kind, first);
        const message = `${countOf(resource.kind, others.length + 1)}${of(first)} are live and none replaces the other; ${acts.verbs[0]} it`;
        yield report(resource, NAME, message, {
          acts,
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
