/** What a credential can have instead, and by whom; or why it cannot be replaced yet. */

import { formatIdentity } from '../../identity/identityId.ts';
import type { InventoryRow } from '../../inventory/inventoryRow.ts';
import { algorithmFacts } from '../../outlook/algorithmFacts.ts';
import type { Fallen } from './fallen.ts';
import { type Offer, type OfferingRole, type Offers, roleFor } from './offers.ts';

export type Instead =
  | {
      readonly can: true;
      /** Whom it concerns, and which field changes to what. */
      readonly change: { readonly resource: string; readonly field: string; readonly to: string };
      /** All that would do, the best first. */
      readonly alternatives: readonly string[];
      /** On whose word it rests. */
      readonly known: readonly Offer[];
    }
  | { readonly can: false; readonly why: string; readonly next: string };

/** Lasting ones first where all classical ones fall; else what everything reads first. */
const PREFERRED: readonly string[] = [
  'ECDSA-P256',
  'ECDSA-P384',
  'Ed25519',
  'RSA-3072',
  'ML-DSA-65',
  'ML-DSA-87',
  'ML-DSA-44',
  'ECDSA-P521',
  'RSA-4096',
];

/** Another key for the identity itself. */
export function anotherKey(row: InventoryRow, fallen: Fallen, offers: Offers): Instead {
  const elsewhere = notOurs(row);
  if (elsewhere !== undefined) return elsewhere;
  const role = roleFor(row.kind);
  if (role === undefined || row.backend === null)
    return {
      can: false,
      why: 'nothing says which backend makes it',
      next: 'name its issuer in the manifest',
    };
  const known: Offer[] = [];
  for (const [backend, wanted] of [
    [row.backend, role],
    ...(row.keyOrigin === 'store' && row.keyStore !== null && row.keyStore !== row.backend
      ? [[row.keyStore, 'KeyStore'] as const]
      : []),
  ] as const) {
    const offer = offers.of(backend, wanted);
    if (offer === undefined)
      return {
        can: false,
        why: `what ${backend} can make is not known: nobody opened it here yet`,
        next: `let idac doctor look at it`,
      };
    known.push(offer);
  }
  const alternatives = choose(
    (known[0]?.algorithms ?? []).filter((algorithm) =>
      known.every(({ algorithms }) => algorithms.includes(algorithm)),
    ),
    row.algorithm,
    fallen,
  );
  const [best] = alternatives;
  if (best === undefined)
    return {
      can: false,
      why: `${known.map(({ backend }) => backend).join(' and ')} ${known.length > 1 ? 'have no algorithm in common' : 'offers nothing'} that still holds`,
      next: 'have it upgraded, or move to another issuer or key store',
    };
  const field = row.kind === 'Key' ? 'spec.algorithm' : 'spec.key.algorithm';
  if (row.keyOrigin === 'machine')
    return {
      can: false,
      why: 'its key is made on the machine, by its owner',
      next: `have the machine make a ${best} key and a request for it; ${row.backend} takes it`,
    };
  return { can: true, change: { resource: formatIdentity(row), field, to: best }, alternatives, known };
}

/** Another key for the authority that signs it; then all that it issued is issued again. */
export function anotherAuthorityKey(
  backend: string,
  current: string | null,
  fallen: Fallen,
  offers: Offers,
): Instead {
  const offer = offers.of(backend, 'CertificateAuthority');
  if (offer === undefined || offer.source !== 'built-in')
    return {
      can: false,
      why: `the keys of ${backend}'s authority are made by whoever runs it`,
      next: 'have a new authority made there with another algorithm, and deliver its root first',
    };
  const alternatives = choose(offer.algorithms, current, fallen);
  const [best] = alternatives;
  if (best === undefined)
    return {
      can: false,
      why: `${backend} offers nothing that still holds`,
      next: 'move to another authority',
    };
  const change = {
    resource: `Backend/${backend}`,
    field: 'spec.authority.keyAlgorithm, with a new spec.store',
    to: best,
  };
  return { can: true, change, alternatives, known: [offer] };
}

/** How many of a role each backend has already: who has many can take more. */
export type Burden = (backend: string, role: OfferingRole) => number;

/** Another backend of the same role that takes the same key; those that issue the like already come first. */
export function anotherBackend(row: InventoryRow, name: string, offers: Offers, burden: Burden): Instead {
  const elsewhere = notOurs(row);
  if (elsewhere !== undefined) return elsewhere;
  const isStore = row.keyStore === name && row.backend !== name;
  const role = isStore ? 'KeyStore' : roleFor(row.kind);
  const known =
    role === undefined ? [] : othersOf(row, role, offers, burden, ({ backend }) => backend !== name);
  const [best] = known;
  if (best === undefined)
    return {
      can: false,
      why: `no other backend that is declared and was seen here ${isStore ? 'keeps' : 'takes'} ${row.algorithm ?? 'such'} keys`,
      next: 'declare another backend of that role',
    };
  const field = isStore ? 'spec.key.store' : row.kind === 'Key' ? 'spec.store' : 'spec.issuer';
  return moved(row, field, best, known);
}

/** A key that another product makes and keeps. */
export function anotherMaker(row: InventoryRow, library: string, offers: Offers, burden: Burden): Instead {
  const elsewhere = notOurs(row);
  if (elsewhere !== undefined) return elsewhere;
  const isOther = ({ backend }: Offer): boolean =>
    offers.typeOf(backend) !== 'local' && offers.typeOf(backend) !== library;
  const known = row.algorithm === null ? [] : othersOf(row, 'KeyStore', offers, burden, isOther);
  const [best] = known;
  if (best !== undefined && row.keyOrigin !== 'machine')
    return moved(row, row.kind === 'Key' ? 'spec.store' : 'spec.key, origin: store, store', best, known);
  return {
    can: false,
    why:
      row.keyOrigin === 'machine'
        ? 'its key is made on the machine, by its owner'
        : `no other product that is declared and was seen here makes ${row.algorithm ?? 'such'} keys`,
    next: `bring ${library} up to date, then rotate it`,
  };
}

function othersOf(
  row: InventoryRow,
  role: OfferingRole,
  offers: Offers,
  burden: Burden,
  counts: (offer: Offer) => boolean,
): readonly Offer[] {
  return offers.all
    .filter(
      (offer) =>
        offer.role === role &&
        counts(offer) &&
        (row.algorithm === null || offer.algorithms.includes(row.algorithm)),
    )
    .sort((a, b) => burden(b.backend, role) - burden(a.backend, role) || (a.backend < b.backend ? -1 : 1));
}

function moved(row: InventoryRow, field: string, best: Offer, known: readonly Offer[]): Instead {
  return {
    can: true,
    change: { resource: formatIdentity(row), field, to: best.backend },
    alternatives: known.map(({ backend }) => backend),
    known: [best],
  };
}

function notOurs(row: InventoryRow): Instead | undefined {
  if (row.managedBy !== undefined)
    return {
      can: false,
      why: `${row.managedBy} renews it`,
      next: 'change spec.privateKey of its manifest, once that product makes another algorithm',
    };
  if (row.declaredAt === null)
    return { can: false, why: 'no manifest declares it', next: 'declare it (idac adopt), or revoke it' };
  if (row.renewedBy !== 'idac')
    return {
      can: false,
      why: `its ${row.renewedBy ?? 'owner'} renews it`,
      next: 'change it there; this program only sees what comes of it',
    };
  return undefined;
}

function choose(offered: readonly string[], current: string | null, fallen: Fallen): readonly string[] {
  const least = current === null ? 112 : (algorithmFacts(current).strength ?? 128);
  const left = offered.filter(
    (algorithm) =>
      algorithm !== current &&
      !(fallen.what === 'algorithm' && fallen.matches(algorithm)) &&
      (algorithmFacts(algorithm).strength ?? 256) >= Math.min(least, 128),
  );
  const rank = (algorithm: string): number => {
    const at = PREFERRED.indexOf(algorithm);
    return at === -1 ? PREFERRED.length : at;
  };
  return [...left].sort((a, b) => rank(a) - rank(b));
}
