import type { RuleContext } from '../context.ts';
import { renewalDue } from '../inUse.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'credential/renewal-due',
    severity: 'warning',
    title: 'A key, token or SSH certificate is due for renewal',
    why: 'Renewal was planned with time to spare, so that a failed attempt does not become an outage. That time is running now.',
    remedy: 'Renew or rotate it; `idac renew --due` renews all that are due.',
    readsRecord: true,
    perResource: true,
  },
  check: (context) => renewalDue(context, 'others'),
};
