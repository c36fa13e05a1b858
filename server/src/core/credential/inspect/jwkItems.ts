import type { Finding } from '../../finding.ts';
import { lineIndex } from '../../text/lineIndex.ts';
import { credentialDamaged } from '../findings/credentialDamaged.ts';
import { keyMismatch } from '../findings/keyMismatch.ts';
import { keyPrivateInFile } from '../findings/keyPrivateInFile.ts';
import type { DecodedJwk, JwkInText } from '../jwk.ts';
import { type JwkFinding, lintJwks } from '../lintJwk.ts';
import { certificateItem } from './certificateItem.ts';
import type { CredentialItem } from './item.ts';
import { openKeyFinding } from './keyItem.ts';
import { findingAt, inside, itemAt, keyMembers, type Place } from './place.ts';

/** Each key where it stands, followed by the certificates of its `x5c`. */
export function jwkSetItems(
  place: Place,
  text: string,
  set: readonly JwkInText[],
): readonly CredentialItem[] {
  const { lint, hasher } = place.context;
  const lines = lineIndex(text);
  const linted = lint === undefined ? [] : lintJwks(set, hasher);
  return set.flatMap(({ key, start, end }, at) =>
    jwkItems({ ...place, range: lines.range(start, end) }, key, linted[at] ?? []),
  );
}

function jwkItems(place: Place, key: DecodedJwk, linted: readonly JwkFinding[]): readonly CredentialItem[] {
  const within = { ...place, label: key.keyId ?? null };
  const members = keyMembers(within, key.publicKey);
  const certificates = key.certificates.map((der) => certificateItem(inside(within, 'JWK'), der));
  const leaf = certificates[0];
  const findings = [
    ...(key.problem === undefined
      ? []
      : [findingAt(place, credentialDamaged, `the JWK cannot be read: ${key.problem}`)]),
    ...openFindings(place, key, members.keyAlgorithm),
    // RFC 7517, 4.7: the first certificate of x5c has to be that of the key.
    ...(leaf !== undefined && leaf.spkiSha256 !== members.spkiSha256
      ? [findingAt(place, keyMismatch, 'the first certificate of "x5c" belongs to another key than the JWK')]
      : []),
    ...linted.map(({ meta, message }) => findingAt(place, meta, message)),
  ];
  const type = key.symmetric ? 'symmetric-key' : key.private ? 'private-key' : 'public-key';
  return [itemAt(within, type, 'JWK', { ...members, private: key.private, findings }), ...certificates];
}

function openFindings(place: Place, key: DecodedJwk, algorithm: string | null): readonly Finding[] {
  if (!key.private) return [];
  if (!key.symmetric) return openKeyFinding(place, algorithm ?? undefined);
  return [
    findingAt(
      place,
      keyPrivateInFile,
      'the shared secret is not encrypted: whoever can read this file has it',
    ),
  ];
}
