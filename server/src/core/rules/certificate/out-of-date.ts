import type { RuleContext } from '../context.ts';
import { outOfDate } from '../inUse.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'certificate/out-of-date',
    severity: 'warning',
    title: 'The manifest changed since the certificate was issued',
    why: 'What is in use is not what is declared: a name may be missing, or a key of an algorithm that was given up may still be there.',
    remedy: 'Renew or rotate it, so that the certificate is what the manifest says.',
    readsRecord: true,
    perResource: true,
  },
  check: (context) => outOfDate(context, 'certificates'),
};
