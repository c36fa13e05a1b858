import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'token/without-audience',
    severity: 'warning',
    perResource: true,
    title: 'A token says nothing about whom it is for',
    why: 'Whoever receives a bearer token can use it elsewhere. One with an audience is refused by everybody else; one without is good anywhere that trusts the issuer.',
    remedy: 'Add `audience` with the name or the address of who is to accept it.',
    standard: 'RFC 7519, 4.1.3; RFC 8725, 3.9',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (identity.kind !== 'Token' || !identity.usable) continue;
      // Only its issuer can tell what an opaque token is good for.
      if (identity.spec.format === 'opaque' || identity.spec.audience !== undefined) continue;
      const message = 'this token is good for whoever trusts its issuer; add "audience"';
      yield report(identity, ['metadata', 'name'], message);
    }
  },
};
