import type { RuleContext } from '../context.ts';
import { expired } from '../inUse.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'credential/expired',
    severity: 'error',
    title: 'A key, token or SSH certificate in use has expired',
    why: 'A token or an SSH certificate is refused from the moment it expires: this is an outage, or is about to become one. A key goes on working beyond its cryptoperiod, and each day more depends on nobody ever having copied it.',
    remedy: 'Rotate it, or revoke and destroy it if nobody uses it any more.',
    standard: 'NIST SP 800-57 part 1, 5.3; RFC 7519, 4.1.4; OpenSSH, PROTOCOL.certkeys',
    readsRecord: true,
    perResource: true,
  },
  check: (context) => expired(context, 'others'),
};
