import type { RenewalBlackoutRule } from '../../schema/generated/specs.ts';
import { quotable } from '../../text/quote.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<RenewalBlackoutRule>({
  meta: {
    id: 'renewal/blackout',
    severity: 'error',
    title: 'An action falls on a day on which a policy wants nothing replaced',
    why: 'On the days that matter most nobody wants to find out that a new certificate is not trusted somewhere.',
    remedy:
      'Wait until the window is over. What was lost to somebody is still revoked: the policy is about what can wait.',
  },
  *judge({ acting, day }, { windows }) {
    if (acting === undefined || !PUT_OFF.has(acting)) return;
    for (const { from, to, reason } of windows)
      if (from <= day && day <= to)
        yield {
          path: ['metadata', 'name'],
          message: `nothing is replaced from ${from} to ${to} (${quotable(reason) ?? 'the policy says why'})`,
        };
  },
});

/** What can wait; what ends a credential that was lost cannot. */
const PUT_OFF: ReadonlySet<string> = new Set(['issue', 'renew', 'rotate', 'restore']);
