import { namedFiles } from '../../core/editing/filePaths.ts';
import type { Finding, RelatedPlace } from '../../core/finding.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import type { KeyPlace } from '../../core/keys/sharing/keyPlace.ts';
import { placeText } from '../../core/keys/sharing/sharingText.ts';
import { formatDay } from '../../core/text/instant.ts';
import type { ScannedFinding } from './openScanner.ts';

/** An identity whose manifest names a file that the key stands in. */
export interface NamingIdentity extends RelatedPlace {
  readonly identity: IdentityId;
}

/** By the files that manifests of the project name; each manifest is gone through once, when the first is asked for. */
export function identitiesByFile(index: ProjectIndex): (file: string) => readonly NamingIdentity[] {
  let known: ReadonlyMap<string, readonly NamingIdentity[]> | undefined;
  return (file) => {
    known ??= namingIdentities(index);
    return known.get(file) ?? [];
  };
}

function namingIdentities(index: ProjectIndex): ReadonlyMap<string, readonly NamingIdentity[]> {
  const byFile = new Map<string, NamingIdentity[]>();
  for (const manifest of index.fileList)
    for (const document of manifest.documents) {
      const { resource } = document;
      if (resource?.id === undefined || index.get(resource.id) !== resource) continue;
      for (const { files, range } of namedFiles(document))
        for (const file of files) {
          const message = `${formatIdentity(resource.id)} names ${file}`;
          const naming = { identity: resource.id, file: manifest.path, range, message };
          byFile.set(file, [...(byFile.get(file) ?? []), naming]);
        }
    }
  return byFile;
}

const NAMED = 2;

/** Of the keys whose private half was found, by the hex SHA-256 of the SubjectPublicKeyInfo. */
export function placesOfFound(
  findings: readonly ScannedFinding[],
  keys: readonly KeyPlace[],
): ReadonlyMap<string, readonly KeyPlace[]> {
  const places = new Map<string, KeyPlace[]>();
  for (const { spkiSha256 } of findings) if (spkiSha256 !== undefined) places.set(spkiSha256, []);
  for (const key of keys) places.get(key.spkiSha256)?.push(key);
  return places;
}

/** Places beside the private key that have its public half: what it is used for goes first. */
export function usesOf(
  { finding, spkiSha256 }: ScannedFinding,
  places: ReadonlyMap<string, readonly KeyPlace[]>,
  now: Date,
): readonly KeyPlace[] {
  const all = spkiSha256 === undefined ? [] : (places.get(spkiSha256) ?? []);
  return all
    .filter(
      ({ form, file, backend }) =>
        (form !== 'public-key' || backend !== undefined) &&
        !(form === 'private-key' && file === finding.file),
    )
    .toSorted((a, b) => Number(isInUse(b, now)) - Number(isInUse(a, now)));
}

/** Somebody accepts whoever has the key, as far as the place says. */
export function isInUse({ form, role, notAfter, backend }: KeyPlace, now: Date): boolean {
  if (role === 'revoked' || form === 'certificate-request' || form === 'private-key') return false;
  if (form === 'certificate' || form === 'ssh-certificate')
    return notAfter === undefined || Date.parse(notAfter) > now.getTime();
  return role !== undefined || form === 'jwk' || backend !== undefined;
}

/** `a certificate for CN=payments in tls.crt is for this key, until 2027-01-01`. */
export function usesText(uses: readonly KeyPlace[]): string {
  const named = uses.slice(0, NAMED).map((use) => {
    const until = use.notAfter === undefined ? '' : `, until ${formatDay(use.notAfter)}`;
    return `${placeText(use)}${use.backend === undefined ? ` in ${use.file}` : ''}${until}`;
  });
  const more = uses.length > NAMED ? ` and ${uses.length - NAMED} more places` : '';
  return `its public half: ${named.join('; ')}${more}`;
}

export function relatedUses(uses: readonly KeyPlace[]): Finding['related'] {
  return uses.map((use) => ({ file: use.file, range: use.range, message: `${placeText(use)} has this key` }));
}
