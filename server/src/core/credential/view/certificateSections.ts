import { formatInstant, plural } from '../../text/instant.ts';
import type { CredentialItem } from '../inspect/item.ts';
import { alternativeNames, constraintSections, nameRows, policyValue, usageValue } from './names.ts';
import { type Row, row, type Section, section, shown, tableOf } from './shown.ts';

/** Of a certificate. */
export function certificateSections(item: CredentialItem, keyRows: readonly Row[]): readonly Section[] {
  return [
    ...section('Subject', nameRows(item.subjectParts, item.subject)),
    ...alternativeNames(item.subjectAltNames),
    ...section('Issuer', nameRows(item.issuerParts, item.issuer)),
    ...section(
      'Validity',
      row('From', item.notBefore && formatInstant(item.notBefore)),
      row('Until', item.notAfter && formatInstant(item.notAfter)),
      row('Lifetime', lifetime(item)),
    ),
    ...section('Key', keyRows),
    ...section(
      'Usage',
      row('Certificate authority', authority(item)),
      row('Purposes', ...item.extendedKeyUsages.map(usageValue)),
      row('Key usage', ...item.keyUsages.map(usageValue)),
      row('Policies', ...item.policies.map(policyValue)),
      row('TLS features', ...item.tlsFeatures.map(featureValue)),
    ),
    ...constraintSections(item),
    ...fingerprintSection(item),
    ...addressSection(item),
    ...timestampSection(item),
    ...extensionSection(item),
  ];
}

/** Of a certificate request: what is asked for. */
export function requestSections(item: CredentialItem, keyRows: readonly Row[]): readonly Section[] {
  return [
    ...section('Subject asked for', nameRows(item.subjectParts, item.subject)),
    ...alternativeNames(item.subjectAltNames),
    ...section(
      'Key',
      keyRows,
      row('Signature', item.signatureAlgorithm),
      row('Proof of possession', proofOf(item)),
    ),
    ...section(
      'Usage asked for',
      row('Certificate authority', item.certificateAuthority === null ? null : authority(item)),
      row('Purposes', ...item.extendedKeyUsages.map(usageValue)),
      row('Key usage', ...item.keyUsages.map(usageValue)),
      row('Policies', ...item.policies.map(policyValue)),
      row('TLS features', ...item.tlsFeatures.map(featureValue)),
    ),
    ...section('Attributes', ...item.attributes.map(attributeRow)),
    ...section('Fingerprint', row('SHA-256', fingerprint(item.fingerprintSha256))),
    ...extensionSection(item),
  ];
}

export function fingerprint(hex: string | null) {
  return hex === null ? null : shown(hex, 'fingerprint');
}

export function extensionSection({ extensions }: CredentialItem): readonly Section[] {
  if (extensions.length === 0) return [];
  const rows = extensions.map(({ oid, name, critical, value }) => [
    shown(name ?? 'not known here'),
    shown(oid, 'code'),
    shown(critical ? 'critical' : ''),
    shown(plural(value.length / 2, 'octet')),
  ]);
  return [
    {
      heading: 'All extensions',
      rows: [],
      table: tableOf(['Extension', 'Object identifier', 'Critical', 'Length'], rows),
    },
  ];
}

function fingerprintSection(item: CredentialItem): readonly Section[] {
  return section(
    'Fingerprints and identifiers',
    row('SHA-256', fingerprint(item.fingerprintSha256)),
    row('SHA-1', fingerprint(item.fingerprintSha1)),
    row('Serial number', fingerprint(item.serialNumber)),
    row('Subject key id', fingerprint(item.subjectKeyId)),
    row('Authority key id', fingerprint(item.authorityKeyId)),
    row('Signature', item.signatureAlgorithm),
    row('Version', item.version === null ? null : String(item.version)),
  );
}

/** Text to copy: nothing is fetched, and nothing can be followed by a click. */
function addressSection(item: CredentialItem): readonly Section[] {
  return section(
    'Where it points to',
    row('Revocation lists', ...item.crlUrls.map((url) => shown(url, 'code'))),
    row('OCSP', ...item.ocspUrls.map((url) => shown(url, 'code'))),
    row('Issuer certificate', ...item.issuerUrls.map((url) => shown(url, 'code'))),
  );
}

function timestampSection({ timestamps }: CredentialItem): readonly Section[] {
  if (timestamps.length === 0) return [];
  const rows = timestamps.map(({ logId, at }) => [shown(formatInstant(at)), shown(logId, 'fingerprint')]);
  return [{ heading: 'Certificate transparency', rows: [], table: tableOf(['Promised', 'Log'], rows) }];
}

function attributeRow({ oid, name, value }: CredentialItem['attributes'][number]): readonly Row[] {
  const label = name ?? oid;
  if (name === 'challengePassword') return row('Challenge password', 'is there, and is not shown');
  return row(label, value ?? 'has no text form');
}

function authority({ certificateAuthority, pathLength }: CredentialItem): string | null {
  if (certificateAuthority === null) return null;
  if (!certificateAuthority) return 'no';
  return pathLength === null
    ? 'yes'
    : `yes, with at most ${plural(pathLength, 'authority', 'authorities')} below it`;
}

function featureValue(feature: string) {
  return shown(feature, 'code', feature === 'status_request' ? { note: 'must staple an OCSP answer' } : {});
}

function proofOf({ selfSignature }: CredentialItem): string | null {
  switch (selfSignature) {
    case 'good':
      return 'its signature fits its key';
    case 'bad':
      return 'its signature does not fit its key';
    case 'cannot-verify-here':
      return 'its signature cannot be checked here';
    case null:
      return null;
    default:
      return selfSignature satisfies never;
  }
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

function lifetime({ notBefore, notAfter }: CredentialItem): string | null {
  if (notBefore === null || notAfter === null) return null;
  const length = Date.parse(notAfter) - Date.parse(notBefore);
  if (!(length > 0)) return null;
  return length < 2 * DAY
    ? plural(Math.round(length / HOUR), 'hour')
    : plural(Math.round(length / DAY), 'day');
}
