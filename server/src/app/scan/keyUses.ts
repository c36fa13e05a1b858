import type { Finding, RelatedPlace } from '../../core/finding.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import { placesOf } from '../../core/keys/keyPack.ts';
import type { KeyPlace } from '../../core/keys/sharing/keyPlace.ts';
import { placeText } from '../../core/keys/sharing/sharingText.ts';
import { formatDay } from '../../core/text/instant.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import type { ScannedFinding } from './openScanner.ts';
import type { KeyScan } from './sharedKeysOf.ts';

/** An identity whose manifest names a file that the key stands in. */
export interface NamingIdentity extends RelatedPlace {
  readonly identity: IdentityId;
}

const NAMED = 2;

/** Of the keys whose private half was found, by the hex SHA-256 of the SubjectPublicKeyInfo. */
export function placesOfFound(
  findings: readonly ScannedFinding[],
  { keys, asked = [] }: Pick<KeyScan, 'keys' | 'asked'>,
): ReadonlyMap<string, readonly KeyPlace[]> {
  const places = new Map<string, KeyPlace[]>();
  for (const { spkiSha256 } of findings) if (spkiSha256 !== undefined) places.set(spkiSha256, []);
  if (places.size === 0) return places;
  for (const each of [...placesOf(keys, (key) => places.has(key), nodeHasher), ...asked])
    places.get(each.spkiSha256)?.push(each);
  return places;
}

/** What has the public half of a private key that was found, or the same private half elsewhere. */
export interface KeyUses {
  /** What it is used for goes first; so many as are told of. */
  readonly first: readonly KeyPlace[];
  readonly count: number;
  readonly isInUse: boolean;
}

export interface UsesOfKeys {
  of(finding: ScannedFinding): KeyUses;
  /** Every file that has the key, once. */
  filesOf(spkiSha256: string): readonly string[];
}

interface Ordered {
  readonly places: readonly KeyPlace[];
  readonly files: readonly string[];
  /** How often the private half stands in a file. */
  readonly own: ReadonlyMap<string, number>;
}

/** A key may stand in thousands of files, and in one of them thousands of times: each key, and each file, is gone through once. */
export function usesOfKeys(
  places: ReadonlyMap<string, readonly KeyPlace[]>,
  now: Date,
  most: number,
): UsesOfKeys {
  const keys = new Map<string, Ordered>();
  const known = new Map<string, KeyUses>();
  const orderedOf = (spkiSha256: string): Ordered => {
    const before = keys.get(spkiSha256);
    if (before !== undefined) return before;
    const usable = (places.get(spkiSha256) ?? []).filter(
      ({ form, backend }) => form !== 'public-key' || backend !== undefined,
    );
    const own = new Map<string, number>();
    for (const { form, file } of usable) if (form === 'private-key') own.set(file, (own.get(file) ?? 0) + 1);
    const ordered = {
      places: usable.toSorted((a, b) => Number(isInUse(b, now)) - Number(isInUse(a, now))),
      files: [...new Set(usable.map(({ file }) => file))],
      own,
    };
    keys.set(spkiSha256, ordered);
    return ordered;
  };
  return {
    filesOf: (spkiSha256) => orderedOf(spkiSha256).files,
    of({ finding, spkiSha256 }) {
      if (spkiSha256 === undefined) return NO_USES;
      const name = `${spkiSha256}\0${finding.file}`;
      const before = known.get(name);
      if (before !== undefined) return before;
      const ordered = orderedOf(spkiSha256);
      const first: KeyPlace[] = [];
      for (const place of ordered.places) {
        if (first.length >= most) break;
        if (place.form !== 'private-key' || place.file !== finding.file) first.push(place);
      }
      const [top] = first;
      const uses = {
        first,
        count: ordered.places.length - (ordered.own.get(finding.file) ?? 0),
        isInUse: top !== undefined && isInUse(top, now),
      };
      known.set(name, uses);
      return uses;
    },
  };
}

const NO_USES: KeyUses = { first: [], count: 0, isInUse: false };

/** Somebody accepts whoever has the key, as far as the place says. */
function isInUse({ form, role, notAfter, backend }: KeyPlace, now: Date): boolean {
  if (role === 'revoked' || form === 'certificate-request' || form === 'private-key') return false;
  if (form === 'certificate' || form === 'ssh-certificate')
    return notAfter === undefined || Date.parse(notAfter) > now.getTime();
  return role !== undefined || form === 'jwk' || backend !== undefined;
}

/** `a certificate for CN=payments in tls.crt is for this key, until 2027-01-01`. */
export function usesText({ first, count }: KeyUses): string {
  const named = first.slice(0, NAMED).map((use) => {
    const until = use.notAfter === undefined ? '' : `, until ${formatDay(use.notAfter)}`;
    return `${placeText(use)}${use.backend === undefined ? ` in ${use.file}` : ''}${until}`;
  });
  const more = count > NAMED ? ` and ${count - NAMED} more places` : '';
  return `its public half: ${named.join('; ')}${more}`;
}

export function relatedUses({ first }: KeyUses): Finding['related'] {
  return first.map((use) => ({
    file: use.file,
    range: use.range,
    message: `${placeText(use)} has this key`,
  }));
}
