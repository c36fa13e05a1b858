import type { RuleContext } from '../context.ts';
import { outOfDate } from '../inUse.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'credential/out-of-date',
    severity: 'warning',
    title: 'The manifest changed since the credential was issued',
    why: 'What is in use is not what is declared: a scope or principal that was taken away may still be accepted, one that was added is missing.',
    remedy: 'Renew or rotate it, so that what is in use is what the manifest says.',
    readsRecord: true,
    perResource: true,
  },
  check: (context) => outOfDate(context, 'others'),
};
