import type { RuleContext } from '../context.ts';
import { deliveriesOf } from '../identityParts.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'delivery/keystore-field-unused',
    severity: 'warning',
    perResource: true,
    title: 'A field of key stores stands at a delivery of text',
    why: 'A PEM file has no alias and no password. Somebody who reads the manifest takes the key for protected, and it lies there in the clear.',
    remedy: 'Set `format: pkcs12`, or remove the field.',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (!identity.usable) continue;
      for (const { path: place, packing } of deliveriesOf(identity)) {
        if (packing.format !== undefined && packing.format !== 'pem') continue;
        for (const field of ['alias', 'passwordFile'] as const) {
          if (packing[field] === undefined) continue;
          yield report(
            identity,
            [...place, field],
            `${field} belongs to a key store, and this delivery is text; set format: pkcs12 or remove it`,
            { part: 'key' },
          );
        }
      }
    }
  },
};
