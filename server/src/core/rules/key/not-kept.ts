import { isMadeToLeave } from '../../lifecycle/event.ts';
import type { RuleContext } from '../context.ts';
import { keyOf } from '../identityParts.ts';
import { replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const POLICY = ['spec', 'key', 'rotationPolicy'];

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'key/not-kept',
    severity: 'error',
    perResource: true,
    title: 'Renewals should keep a key that is not kept',
    why: 'A key made in memory, or by the authority, is erased here once it was delivered. Nothing is left that could sign the next request, so each renewal would be refused.',
    remedy:
      'Let renewals make a new key (rotationPolicy: Always), or keep the key in a store (origin: store).',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      const { origin = 'engine', rotationPolicy } = (identity.usable ? keyOf(identity) : undefined) ?? {};
      if (rotationPolicy !== 'Never' || !isMadeToLeave(origin)) continue;
      const made = origin === 'engine' ? 'in memory' : 'by the authority';
      const message = `a key made ${made} is not kept, so no renewal can use it again; write "Always"`;
      yield report(identity, POLICY, message, { fixes: [replaceValue(identity, POLICY, 'Always', true)] });
    }
  },
};
