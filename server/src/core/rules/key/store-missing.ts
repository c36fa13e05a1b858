import type { RuleContext } from '../context.ts';
import { keyOf } from '../identityParts.ts';
import { addName, report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'key/store-missing',
    severity: 'error',
    perResource: true,
    title: 'A key is to be made in a store, but none is named',
    why: 'With origin `store` the key is made and kept by a backend with the role KeyStore. Without its name there is no place for the key.',
    remedy: 'Name the backend in `key.store`.',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      const key = identity.usable ? keyOf(identity) : undefined;
      if (key?.origin !== 'store' || key.store !== undefined) continue;
      const choice = { kind: 'Backend', role: 'KeyStore' };
      const fix = addName(identity, ['spec', 'key'], 'origin', 'store', choice);
      yield report(
        identity,
        ['spec', 'key', 'origin'],
        'origin "store" needs "store": the backend that makes and keeps the key',
        { fixes: fix === undefined ? [] : [fix] },
      );
    }
  },
};
