import { nounOf } from '../../lifecycle/kindTraits.ts';
import { untilText } from '../../lifecycle/planning/facts.ts';
import type { RuleContext } from '../context.ts';
import { takingOver } from '../inUse.ts';
import { NAME, of, recordedIdentities } from '../recorded.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'record/former-in-place',
    severity: 'warning',
    title: 'The former credential was put back',
    why: 'Somebody put the former credential back because the newer one broke something. It ends sooner, and the newer one is valid and used by nobody.',
    remedy: 'Find what the newer one broke, then rotate: the next one takes over from both.',
    readsRecord: true,
    perResource: true,
  },
  *check(context) {
    for (const { resource, record } of recordedIdentities(context)) {
      for (const generation of [...record.live.values()].flat()) {
        if (!generation.putBack) continue;
        const { notAfter, serialNumber } = generation.credential;
        const places = generation.copies.map(({ path }) => path).join(', ');
        const acts = takingOver(resource.kind, generation);
        const message = `the former ${nounOf(resource.kind)}${of(generation)} (serial ${serialNumber}, ${untilText(notAfter)}) was put back at ${places}; ${acts.verbs[0]} it once the fault is found`;
        yield report(resource, NAME, message, { acts });
      }
    }
  },
};
