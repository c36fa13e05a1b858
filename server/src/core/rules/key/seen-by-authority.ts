import type { RuleContext } from '../context.ts';
import { keyOf } from '../identityParts.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const ORIGIN = ['spec', 'key', 'origin'];

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'key/seen-by-authority',
    severity: 'info',
    perResource: true,
    title: 'The authority makes the private key, and sees it',
    why: 'With origin `service` the private key is made by the authority and sent back with the certificate. Whoever can read there what it answers has the key too, and a lost answer costs a certificate: it is revoked, and another is made.',
    remedy: 'Let the machine make the key (origin `machine`), or keep it in a store (origin `store`).',
    standard: 'NIST SP 800-57 part 1, 8.1.5.1',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      const key = identity.usable ? keyOf(identity) : undefined;
      if (key?.origin !== 'service') continue;
      const message = 'the authority makes this private key and sees it; prefer origin "machine" or "store"';
      yield report(identity, ORIGIN, message);
    }
  },
};
