import type { RuleContext } from '../context.ts';
import { deliveriesOf, keyOf } from '../identityParts.ts';
import { relatedTo, removeItem, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const REASONS = {
  store: 'a key made in a store never leaves it',
  machine: 'a key made on the machine never reaches this tool',
} as const;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'key/undeliverable',
    severity: 'error',
    perResource: true,
    title: 'A delivery asks for a private key that cannot leave',
    why: 'With origin `store` or `machine` the private key stays where it was made; that is what makes it safe. There is nothing to deliver.',
    remedy:
      'Take `privateKey` out of the contents, or choose origin `engine` if the key really has to travel.',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      const origin = identity.usable ? keyOf(identity)?.origin : undefined;
      if (origin !== 'store' && origin !== 'machine') continue;
      for (const { path: place, contents } of deliveriesOf(identity)) {
        const item = contents.indexOf('privateKey');
        if (item === -1) continue;
        const message = `${REASONS[origin]}; take "privateKey" out, or make the key with origin "engine"`;
        const list = [...place, 'contents'];
        const fix = removeItem(identity, list, item);
        yield report(identity, [...list, item], message, {
          fixes: fix === undefined ? [] : [fix],
          related: [relatedTo(identity, ['spec', 'key', 'origin'], 'where the key is made')],
        });
      }
    }
  },
};
