import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'key/shared-without-reason',
    severity: 'warning',
    perResource: true,
    title: 'A key is shared on purpose, but nobody says why',
    why: 'One key on several machines means that one lost machine ends the identity of all. Where that is meant, whoever reads the manifest in a year must find the reason.',
    remedy: 'Write `keyPerReason`, or leave `keyPer` out so that each machine has its own key.',
    standard: 'NIST SP 800-57 Part 1 Rev. 5, 5.2',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (!identity.usable || identity.kind === 'Workload') continue;
      const { keyPer, keyPerReason, machines } = identity.spec;
      if (keyPer !== 'identity' || keyPerReason !== undefined || (machines?.length ?? 0) < 2) continue;
      const what = identity.kind === 'Token' ? 'token' : 'key';
      const message = `one ${what} for ${machines?.length} machines; say why in "keyPerReason", or give each its own`;
      yield report(identity, ['spec', 'keyPer'], message);
    }
  },
};
