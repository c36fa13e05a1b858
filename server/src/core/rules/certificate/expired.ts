import type { RuleContext } from '../context.ts';
import { expired } from '../inUse.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'certificate/expired',
    severity: 'error',
    title: 'A certificate in use has expired',
    why: 'Everyone who checks it refuses it from the moment it expires: this is an outage, or is about to become one.',
    remedy: 'Renew or rotate it, or destroy it if nobody uses it any more.',
    standard: 'RFC 5280, 4.1.2.5',
    readsRecord: true,
    perResource: true,
  },
  check: (context) => expired(context, 'certificates'),
};
