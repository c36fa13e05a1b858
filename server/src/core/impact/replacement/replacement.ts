/** Who is hit when an algorithm, a backend or a library no longer holds, and in what order to replace what. */
import { formatIdentity } from '../../identity/identityId.ts';
import type { InventoryRow } from '../../inventory/inventoryRow.ts';
import type { AuthorityCrypto, CredentialCrypto } from './credentialCrypto.ts';
import type { Fallen } from './fallen.ts';
import {
  anotherAuthorityKey,
  anotherBackend,
  anotherKey,
  anotherMaker,
  type Burden,
  type Instead,
} from './instead.ts';
import { librariesOf } from './libraries.ts';
import { type Offers, roleFor } from './offers.ts';
import { byUrgency } from './urgency.ts';

/** `authority`: it is sound itself, and whoever signed it is not. */
export type Reason = 'key' | 'signature' | 'authority' | 'issuer' | 'keyStore' | 'library';

export interface Hit {
  readonly identity: string;
  readonly machine: string | null;
  readonly owner: string | null;
  readonly contact: string | null;
  readonly algorithm: string | null;
  readonly reasons: readonly Reason[];
  readonly criticality: string | null;
  readonly exposure: string | null;
  readonly notAfter: string | null;
  readonly state: InventoryRow['state'];
  /** Consumers and machines that need it. */
  readonly dependents: number;
  readonly instead: Instead;
}

/** Replaced before all that it signed. */
export interface AuthorityHit {
  readonly backend: string;
  readonly subjects: readonly string[];
  readonly algorithms: readonly string[];
  readonly signs: number;
  readonly notAfter: string | null;
  readonly instead: Instead;
}

export interface Replacement {
  readonly subject: string;
  readonly authorities: readonly AuthorityHit[];
  /** In the order in which to replace them. */
  readonly hits: readonly Hit[];
  readonly owners: readonly string[];
  readonly consumers: readonly string[];
  readonly replaceable: number;
  /** The others, by why they cannot be replaced yet. */
  readonly blocked: readonly { readonly why: string; readonly count: number }[];
}

const OVER: ReadonlySet<string> = new Set(['revoked', 'destroyed', 'superseded', 'missing', 'unconfirmed']);

export function replacementOf(
  fallen: Fallen,
  rows: readonly InventoryRow[],
  cryptoOf: (row: InventoryRow) => CredentialCrypto,
  offers: Offers,
): Replacement {
  const burden = burdens(rows);
  const hit: { readonly row: InventoryRow; readonly hit: Hit }[] = [];
  const authorities = new Map<string, { above: Map<string, AuthorityCrypto>; signs: number }>();
  for (const row of rows) {
    if (row.login !== undefined || OVER.has(row.state)) continue;
    const crypto = cryptoOf(row);
    const reasons = reasonsOf(fallen, row, crypto, offers);
    if (reasons.length === 0) continue;
    hit.push({ row, hit: hitOf(row, reasons, fallen, crypto, offers, burden) });
    if (fallen.what !== 'algorithm' || row.backend === null) continue;
    const above = crypto.authorities.filter((each) => isBroken(each, fallen));
    if (above.length === 0) continue;
    const known = authorities.get(row.backend) ?? { above: new Map(), signs: 0 };
    for (const each of above) known.above.set(each.fingerprintSha256, each);
    authorities.set(row.backend, { ...known, signs: known.signs + 1 });
  }
  hit.sort((a, b) => byUrgency(a.row, b.row));
  const blocked = new Map<string, number>();
  for (const {
    hit: { instead },
  } of hit)
    if (!instead.can) blocked.set(instead.why, (blocked.get(instead.why) ?? 0) + 1);
  return {
    subject: fallen.name,
    authorities: [...authorities]
      .map(([backend, { above, signs }]): AuthorityHit => {
        const all = [...above.values()];
        const key = all[0]?.key ?? null;
        return {
          backend,
          subjects: all.map(({ subject }) => subject),
          algorithms: [...new Set(all.flatMap((each) => each.key ?? []))],
          signs,
          notAfter:
            all
              .map(({ notAfter }) => notAfter ?? '')
              .sort()
              .at(-1) || null,
          instead: anotherAuthorityKey(backend, key, fallen, offers),
        };
      })
      .sort((a, b) => b.signs - a.signs || (a.backend < b.backend ? -1 : 1)),
    hits: hit.map((each) => each.hit),
    owners: distinct(hit.flatMap(({ row }) => row.owner ?? [])),
    consumers: distinct(hit.flatMap(({ row }) => row.consumers)),
    replaceable: hit.filter((each) => each.hit.instead.can).length,
    blocked: [...blocked].map(([why, count]) => ({ why, count })).sort((a, b) => b.count - a.count),
  };
}

function burdens(rows: readonly InventoryRow[]): Burden {
  const counts = new Map<string, number>();
  const add = (backend: string | null, role: string | undefined): void => {
    if (backend === null || role === undefined) return;
    const key = `${role}/${backend}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  for (const row of rows) {
    if (row.login !== undefined) continue;
    add(row.backend, roleFor(row.kind));
    add(row.keyStore, 'KeyStore');
  }
  return (backend, role) => counts.get(`${role}/${backend}`) ?? 0;
}

function isBroken({ key, signature }: AuthorityCrypto, fallen: Fallen & { what: 'algorithm' }): boolean {
  return (key !== null && fallen.matches(key)) || (signature !== null && fallen.matches(signature));
}

function reasonsOf(
  fallen: Fallen,
  row: InventoryRow,
  { key, signature, authorities }: CredentialCrypto,
  offers: Offers,
): readonly Reason[] {
  switch (fallen.what) {
    case 'algorithm': {
      const reasons: Reason[] = [];
      if (key !== null && fallen.matches(key)) reasons.push('key');
      if (signature !== null && fallen.matches(signature)) reasons.push('signature');
      if (authorities.some((each) => isBroken(each, fallen))) reasons.push('authority');
      return reasons;
    }
    case 'backend':
      if (row.managedBy !== undefined) return [];
      return [
        ...(row.backend === fallen.name && row.kind !== 'Key' ? (['issuer'] as const) : []),
        ...(row.keyStore === fallen.name || (row.kind === 'Key' && row.backend === fallen.name)
          ? (['keyStore'] as const)
          : []),
      ];
    case 'library':
      return librariesOf(row, signature, offers).has(fallen.name) ? ['library'] : [];
    default:
      return fallen satisfies never;
  }
}

function hitOf(
  row: InventoryRow,
  reasons: readonly Reason[],
  fallen: Fallen,
  crypto: CredentialCrypto,
  offers: Offers,
  burden: Burden,
): Hit {
  const identity = formatIdentity(row);
  const instead = (): Instead => {
    if (fallen.what === 'backend') return anotherBackend(row, fallen.name, offers, burden);
    if (fallen.what === 'library') return anotherMaker(row, fallen.name, offers, burden);
    if (reasons.includes('key')) return anotherKey(row, fallen, offers);
    // Its own key is sound: once the authority has another one, it is issued again.
    const above = crypto.authorities[0]?.key ?? null;
    return row.backend === null
      ? { can: false, why: 'nothing says which backend made it', next: 'declare its issuer' }
      : anotherAuthorityKey(row.backend, above, fallen, offers);
  };
  return {
    identity,
    machine: row.machine,
    owner: row.owner,
    contact: row.contact,
    algorithm: row.algorithm,
    reasons,
    criticality: row.labels['criticality'] ?? null,
    exposure: row.labels['exposure'] ?? null,
    notAfter: row.notAfter,
    state: row.state,
    dependents: row.consumers.length + row.machines.length,
    instead: instead(),
  };
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
