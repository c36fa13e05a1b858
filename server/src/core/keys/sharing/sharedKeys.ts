import type { Bearer } from './bearer.ts';
import { bearersOf, type IsNamed } from './bearersOf.ts';
import type { KeyClaim, KeyPlace } from './keyPlace.ts';

/** One key that serves several, or whose private half stands in several files. */
export interface SharedKey {
  readonly spkiSha256: string;
  readonly algorithm: string;
  /** All that have it. */
  readonly bearers: readonly Bearer[];
  /** Private halves, one a file, where there is more than one. */
  readonly copies: readonly KeyPlace[];
  readonly places: readonly KeyPlace[];
}

export interface KeysSeen {
  readonly places: Iterable<KeyPlace>;
  /** By the hex SHA-256 of the SubjectPublicKeyInfo. */
  readonly claims?: ReadonlyMap<string, readonly KeyClaim[]>;
  /** Files that a private key was delivered to, where it should be. */
  isDelivered?(place: KeyPlace): boolean;
  readonly isNamed?: IsNamed;
}

/** A certificate with its key, its request and copies of it is one thing, and so is one that was renewed with its key. */
export function sharedKeys({
  places,
  claims = new Map(),
  isDelivered = () => false,
  isNamed = () => false,
}: KeysSeen): readonly SharedKey[] {
  const shared: SharedKey[] = [];
  for (const [spkiSha256, group] of placesByKey(places, claims.keys())) {
    const owners = claims.get(spkiSha256) ?? [];
    if (group.length + owners.length < 2) continue;
    const bearers = bearersOf(group, owners, isNamed);
    const copies = privateCopies(group, isDelivered);
    if (bearers.length < 2 && copies.length < 2) continue;
    const algorithm = group[0]?.algorithm ?? owners[0]?.credentials[0]?.keyAlgorithm ?? 'unknown';
    shared.push({ spkiSha256, algorithm, bearers, copies, places: group });
  }
  return shared;
}

export function placesByKey(
  places: Iterable<KeyPlace>,
  claimed: Iterable<string>,
): ReadonlyMap<string, readonly KeyPlace[]> {
  const groups = new Map<string, KeyPlace[]>(Array.from(claimed, (key) => [key, []]));
  for (const place of places) {
    const same = groups.get(place.spkiSha256);
    if (same === undefined) groups.set(place.spkiSha256, [place]);
    else same.push(place);
  }
  return groups;
}

/** One where it was delivered counts once: it is the one that all the others are copies of. */
function privateCopies(
  places: readonly KeyPlace[],
  isDelivered: (place: KeyPlace) => boolean,
): readonly KeyPlace[] {
  const files = new Map<string, KeyPlace>();
  for (const place of places) if (place.form === 'private-key') files.set(place.file, place);
  const all = [...files.values()];
  const delivered = all.filter(isDelivered);
  const copies = [...delivered.slice(0, 1), ...all.filter((place) => !delivered.includes(place))];
  return copies.length > 1 ? copies : [];
}
