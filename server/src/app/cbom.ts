import type { Bom } from '../core/cbom/bomTypes.ts';
import { cbomOf } from '../core/cbom/cbom.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { IdentityEvent, ServedEndpoint } from '../core/lifecycle/event.ts';
import { nodeHasher } from '../platform/crypto/hasher.ts';
import type { InventoryRow } from './api.ts';
import { publicTexts } from './replacement.ts';
import { VERSION } from './version.ts';

/** The rows as a bill of cryptography, with what the record holds of each. */
export function projectCbom(
  rows: readonly InventoryRow[],
  events: readonly IdentityEvent[],
  project: string,
  now: Date,
): Bom {
  const texts = publicTexts(events);
  const served = new Map<string, readonly ServedEndpoint[]>();
  const seen = new Map<string, string>();
  for (const event of events) {
    if (event.type !== 'verified' || event.served === undefined) continue;
    const identity = formatIdentity(event.identity);
    // The newest counts.
    if ((seen.get(identity) ?? '') > event.at) continue;
    seen.set(identity, event.at);
    served.set(identity, event.served);
  }
  const tool = { name: 'idac', version: VERSION };
  return cbomOf({ rows, texts, served, project, tool, now, hasher: nodeHasher });
}
