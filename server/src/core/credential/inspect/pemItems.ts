import type { Range } from '../../text/position.ts';
import { credentialDamaged } from '../findings/credentialDamaged.ts';
import { credentialUnknownFormat } from '../findings/credentialUnknownFormat.ts';
import { credentialWrongLabel } from '../findings/credentialWrongLabel.ts';
import type { PemBlock } from '../pem.ts';
import { certificateItem } from './certificateItem.ts';
import { itemsOfDer } from './derItems.ts';
import { type DerKind, derKind } from './derKind.ts';
import type { CredentialItem, CredentialType } from './item.ts';
import { damagedItem, lockedKeyItem } from './keyItem.ts';
import { findingAt, inside, itemAt, type Place } from './place.ts';
import { sshPrivateKeyItem } from './sshItems.ts';

/** RFC 7468 and what OpenSSL, Netscape and others wrote before it. */
const LABELS: ReadonlyMap<string, DerKind> = new Map([
  ['CERTIFICATE', 'certificate'],
  ['X509 CERTIFICATE', 'certificate'],
  ['X.509 CERTIFICATE', 'certificate'],
  ['TRUSTED CERTIFICATE', 'certificate'],
  ['CERTIFICATE REQUEST', 'certificate-request'],
  ['NEW CERTIFICATE REQUEST', 'certificate-request'],
  ['X509 CRL', 'crl'],
  ['CRL', 'crl'],
  ['PUBLIC KEY', 'public-key'],
  ['RSA PUBLIC KEY', 'rsa-public-key'],
  ['PRIVATE KEY', 'private-key'],
  ['ANY PRIVATE KEY', 'private-key'],
  ['RSA PRIVATE KEY', 'private-key'],
  ['EC PRIVATE KEY', 'private-key'],
  ['DSA PRIVATE KEY', 'private-key'],
  ['ENCRYPTED PRIVATE KEY', 'encrypted-private-key'],
  ['PKCS7', 'pkcs7'],
  ['CMS', 'pkcs7'],
  ['PKCS #7 SIGNED DATA', 'pkcs7'],
  ['CERTIFICATE CHAIN', 'pkcs7'],
  ['PKCS12', 'pkcs12'],
]);

const PARAMETERS = new Set(['DH PARAMETERS', 'X9.42 DH PARAMETERS', 'EC PARAMETERS', 'DSA PARAMETERS']);

export function pemItems(file: Place, block: PemBlock): readonly CredentialItem[] {
  const place = inside({ ...file, range: block.range }, 'PEM');
  const { label, bytes } = block;
  const expected = LABELS.get(label);
  // OpenPGP armour has the same frame and another content; it is no matter of this tool.
  if (label.startsWith('PGP ')) return [];
  if (block.problem !== undefined) {
    const { line, before } = block.problem;
    const at: Range = { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
    const reason = `the PEM block "${label}" cannot be read: ${block.problem.reason}`;
    if (expected !== 'certificate')
      return [damagedItem(place, typeOfLabel(label, expected), null, reason, at)];
    const rest = certificateItem(place, before, { piece: true });
    return [{ ...rest, findings: [findingAt(place, credentialDamaged, reason, at), ...rest.findings] }];
  }
  if (label === 'OPENSSH PRIVATE KEY') return [sshPrivateKeyItem(place, bytes)];
  if (PARAMETERS.has(label)) return [itemAt(place, 'parameters', 'OpenSSL', { label })];
  // RFC 1421, 4.6.1.1: the key inside is encrypted as a whole, as OpenSSL wrote it before PKCS#8.
  if (block.headers.get('Proc-Type')?.includes('ENCRYPTED')) {
    const cipher = block.headers.get('DEK-Info')?.split(',')[0] ?? 'unknown cipher';
    return [
      lockedKeyItem(
        place,
        label === 'RSA PRIVATE KEY' ? 'PKCS#1' : 'OpenSSL',
        `${cipher}, MD5 of OpenSSL`,
        {},
        true,
      ),
    ];
  }
  const found = derKind(bytes);
  if (expected === undefined)
    return found === undefined ? [unknownBlock(place, label)] : itemsOfDer(place, bytes, found);
  if (expected === 'certificate' && (found === undefined || found === 'certificate')) {
    return [certificateItem(place, bytes, { auxiliary: label === 'TRUSTED CERTIFICATE' })];
  }
  const items = itemsOfDer(place, bytes, found ?? expected);
  if (found === undefined || found === expected) return items;
  const message = `the PEM label says "${label}", and inside is: ${found.replaceAll('-', ' ')}`;
  const wrong = findingAt(place, credentialWrongLabel, message);
  return items.map((item, index) => (index === 0 ? { ...item, findings: [wrong, ...item.findings] } : item));
}

function unknownBlock(place: Place, label: string): CredentialItem {
  const message = `PEM blocks with the label "${label}" are not known here`;
  return itemAt(place, typeOfLabel(label, undefined), null, {
    label,
    private: label.includes('PRIVATE'),
    findings: [findingAt(place, credentialUnknownFormat, message)],
  });
}

function typeOfLabel(label: string, kind: DerKind | undefined): CredentialType {
  switch (kind) {
    case 'certificate':
    case 'certificate-request':
    case 'crl':
    case 'public-key':
    case 'private-key':
      return kind;
    case 'rsa-public-key':
      return 'public-key';
    case 'encrypted-private-key':
      return 'private-key';
    case 'pkcs7':
    case 'pkcs12':
      return 'container';
    case undefined:
      return label.includes('PRIVATE KEY') ? 'private-key' : 'unknown';
    default:
      return kind satisfies never;
  }
}
