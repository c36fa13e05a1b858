import type { RuleContext } from '../context.ts';
import { deliveriesOf, keyOf } from '../identityParts.ts';
import { replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'key/store-unused',
    severity: 'warning',
    perResource: true,
    title: 'A key store is named, but the key is made elsewhere',
    why: 'Only origin `store` makes a key in a store. With any other origin the key can be copied, though the manifest reads as if it could not.',
    remedy: 'Set `key.origin: store`, or remove `key.store`.',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      const key = identity.usable ? keyOf(identity) : undefined;
      if (key?.store === undefined || key.origin === 'store') continue;
      // A key that is delivered is meant to leave: then either of the two may be the mistake.
      const leaves = deliveriesOf(identity).some(({ contents }) => contents.includes('privateKey'));
      const fixes =
        key.origin === undefined ? [] : [replaceValue(identity, ['spec', 'key', 'origin'], 'store', !leaves)];
      const message = `"store" has no effect with origin "${key.origin ?? 'engine'}"; write origin: store, or remove it`;
      yield report(identity, ['spec', 'key', 'store'], message, { part: 'key', fixes });
    }
  },
};
