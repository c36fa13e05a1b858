import type { KeyPlace } from './keyPlace.ts';

/** Certificates of one bearer that came one after the other with the same key, the oldest first; fewer than two: none did. */
export function renewalsWithKey(places: readonly KeyPlace[]): readonly KeyPlace[] {
  const certificates = new Map<string, KeyPlace>();
  for (const place of places)
    if (place.form === 'certificate' && place.fingerprintSha256 !== undefined)
      certificates.set(place.fingerprintSha256, place);
  const all = [...certificates.values()].toSorted((a, b) =>
    (a.notBefore ?? '') < (b.notBefore ?? '') ? -1 : 1,
  );
  // An authority that several others certify is cross-signed, and has one key on purpose.
  const newest = all.at(-1);
  return newest?.isAuthority ? all.filter(({ issuer }) => issuer === newest.issuer) : all;
}
