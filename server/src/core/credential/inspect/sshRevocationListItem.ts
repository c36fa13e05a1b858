import { encodeBase64 } from '../base64.ts';
import { fromHex, toHex } from '../octets.ts';
import { sshFingerprint } from '../ssh/publicKey.ts';
import { decodeSshRevocationList, type SerialRange } from '../ssh/revocationList.ts';
import { validity } from './certificateItem.ts';
import type { CredentialItem } from './item.ts';
import { damage, itemAt, type Place } from './place.ts';

/** Entries that are shown; the rest is counted. */
const MAX_ENTRIES = 10_000;

export function sshRevocationListItem(place: Place, bytes: Uint8Array): CredentialItem {
  const { hasher } = place.context;
  const { value, problems } = decodeSshRevocationList(bytes, MAX_ENTRIES);
  const findings = damage(place, problems);
  const fingerprintSha256 = toHex(hasher.hash('sha256', bytes));
  if (value === undefined)
    return itemAt(place, 'ssh-revocation-list', 'OpenSSH', { fingerprintSha256, findings });
  return itemAt(place, 'ssh-revocation-list', 'OpenSSH', {
    label: value.comment === '' ? null : value.comment,
    ...validity(place, value.generatedAt, undefined),
    fingerprintSha256,
    keyRevocationList: {
      version: value.version.toString(),
      entryCount: value.entryCount,
      certificates: value.certificates.map(({ authority, serials, keyIds }) => ({
        authority: authority.length === 0 ? null : sshFingerprint(authority, hasher),
        serialNumbers: serials.map(rangeText),
        keyIds,
      })),
      keys: [
        ...value.keys.map((blob) => sshFingerprint(blob, hasher)),
        ...value.sha256.map((hash) => fingerprintText('SHA256', hash)),
        ...value.sha1.map((hash) => fingerprintText('SHA1', hash)),
      ],
    },
    findings,
  });
}

function fingerprintText(name: string, hash: string): string {
  return `${name}:${encodeBase64(fromHex(hash)).replace(/=+$/, '')}`;
}

function rangeText({ first, last }: SerialRange): string {
  return first === last ? serialHex(first) : `${serialHex(first)}-${serialHex(last)}`;
}

function serialHex(serial: bigint): string {
  const digits = serial.toString(16);
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}
