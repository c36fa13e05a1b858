import { algorithmsOf } from '../core/impact/replacement/algorithmsInUse.ts';
import { cryptoReader } from '../core/impact/replacement/credentialCrypto.ts';
import { type Fallen, fallenAlgorithm } from '../core/impact/replacement/fallen.ts';
import { librariesOf } from '../core/impact/replacement/libraries.ts';
import type { Offers } from '../core/impact/replacement/offers.ts';
import { type Replacement, replacementOf } from '../core/impact/replacement/replacement.ts';
import type { IdentityEvent } from '../core/lifecycle/event.ts';
import { nodeHasher } from '../platform/crypto/hasher.ts';
import type { InventoryRow } from './api.ts';

export interface ReplacementInput {
  readonly rows: readonly InventoryRow[];
  readonly events: readonly IdentityEvent[];
  readonly offers: Offers;
}

/** What is public of each credential, by its fingerprint. */
export function publicTexts(events: readonly IdentityEvent[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const event of events)
    if (event.type === 'issued' || event.type === 'adopted')
      texts.set(event.credential.fingerprintSha256, event.publicText);
  return texts;
}

/** `unknown`: nothing that is in use is called so; `known` is. */
export type ReplacementAnswer =
  | { readonly ok: true; readonly replacement: Replacement }
  | { readonly ok: false; readonly known: readonly string[] };

/** `kind`: `Algorithm`, `Library` or `Backend`. */
export function replacementFor(
  kind: 'Algorithm' | 'Library' | 'Backend',
  name: string,
  { rows, events, offers }: ReplacementInput,
): ReplacementAnswer {
  const cryptoOf = cryptoReader(publicTexts(events), nodeHasher);
  const fallen = ((): Fallen | readonly string[] => {
    switch (kind) {
      case 'Algorithm': {
        const known = algorithmsOf(rows, cryptoOf);
        return fallenAlgorithm(name, known) ?? known;
      }
      case 'Library': {
        const known = new Set(
          rows.flatMap((row) =>
            row.login === undefined ? [...librariesOf(row, cryptoOf(row).signature, offers)] : [],
          ),
        );
        return known.has(name) ? { what: 'library', name } : [...known].sort();
      }
      case 'Backend':
        return { what: 'backend', name };
      default:
        return kind satisfies never;
    }
  })();
  if (!('what' in fallen)) return { ok: false, known: fallen };
  return { ok: true, replacement: replacementOf(fallen, rows, cryptoOf, offers) };
}
