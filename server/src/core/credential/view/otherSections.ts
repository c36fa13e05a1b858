/** Sections of all that is no certificate and no request. */
import { formatInstant, plural } from '../../text/instant.ts';
import type { CredentialItem } from '../inspect/item.ts';
import { revocationListPage } from '../revocationList.ts';
import { extensionSection, fingerprint } from './certificateSections.ts';
import { nameRows } from './names.ts';
import { type Row, row, type Section, section, shown, tableOf } from './shown.ts';

export function keySections(item: CredentialItem, keyRows: readonly Row[]): readonly Section[] {
  return [
    ...section(
      'Key',
      keyRows,
      row('Encryption', encryptionWords(item)),
      row('Form of the private key', item.privateKeyForm && FORMS[item.privateKeyForm]),
      row('Private part', item.private ? 'never displayed: only what is public of it stands here' : null),
      row('OpenSSH fingerprint', item.sshFingerprint === null ? null : shown(item.sshFingerprint, 'code')),
      row(item.format === 'JWK' ? 'Key id' : 'Comment', item.label),
      row('Hosts', item.hosts === null ? null : shown(item.hosts, 'code')),
      row('Options', item.options === null ? null : shown(item.options, 'code')),
    ),
  ];
}

const FORMS = {
  seed: 'its seed, of which the key is computed',
  expanded: 'the expanded key',
  both: 'its seed and the expanded key',
} as const;

function encryptionWords({ private: isPrivate, encrypted, encryption }: CredentialItem): string | null {
  if (!isPrivate) return null;
  return encrypted ? (encryption ?? 'encrypted') : 'none: whoever reads the file has the key';
}

export function tokenSections(item: CredentialItem): readonly Section[] {
  const { token } = item;
  return [
    ...section(
      'Token',
      row('Subject', item.subject),
      row('Issuer', item.issuer),
      row('Audience', ...(token?.audience ?? []).map((each) => shown(each, 'code'))),
      row('Claims', ...(token?.claims ?? []).map((each) => shown(each, 'code'))),
    ),
    ...section(
      'Validity',
      row('From', item.notBefore === null ? null : formatInstant(item.notBefore)),
      row('Until', item.notAfter === null ? 'for ever' : formatInstant(item.notAfter)),
    ),
    ...section(
      'Signature',
      row('Algorithm', item.signatureAlgorithm),
      row('Key id', item.label),
      row('Type', token?.type ?? null),
    ),
  ];
}

export function sshCertificateSections(item: CredentialItem, keyRows: readonly Row[]): readonly Section[] {
  const { ssh } = item;
  if (ssh === null) return section('Key', keyRows);
  return [
    ...section(
      'Certificate',
      row('For', ssh.kind === 'unknown' ? 'neither users nor hosts' : `${ssh.kind}s`),
      row('Key id', ssh.keyId),
      // As ssh-keygen shows it.
      row('Serial number', shown(BigInt(`0x${ssh.serialNumber}`).toString(), 'code')),
      row('Comment', item.label),
    ),
    ...section(
      ssh.kind === 'host' ? 'Host names' : 'Users',
      row(
        'Principals',
        ...(ssh.principals.length === 0
          ? ['none: it counts for every name']
          : ssh.principals.map((name) => shown(name, 'code'))),
      ),
    ),
    ...section(
      'Validity',
      row('From', ssh.validAfter === undefined ? 'ever' : formatInstant(ssh.validAfter)),
      row('Until', ssh.validBefore === undefined ? 'for ever' : formatInstant(ssh.validBefore)),
    ),
    ...section(
      'What it allows',
      row('Critical options', ...ssh.criticalOptions.map((each) => shown(each, 'code'))),
      row('Extensions', ...ssh.extensions.map((each) => shown(each, 'code'))),
    ),
    ...section(
      'Key',
      keyRows,
      row('OpenSSH fingerprint', item.sshFingerprint === null ? null : shown(item.sshFingerprint, 'code')),
      row('Signed by', shown(ssh.signedBy, 'code')),
    ),
  ];
}

/** `der`: of the list, so that a page of it can be read; the item holds the first entries alone. */
export function revocationListSections(
  item: CredentialItem,
  der: Uint8Array | undefined,
): readonly Section[] {
  const { revocationList: list } = item;
  return [
    ...section(
      'List',
      row('Revoked', list === null ? null : plural(list.entryCount, 'certificate')),
      row('Number', list?.number),
      row('Changes since list', list?.baseNumber),
      row('Made', item.notBefore && formatInstant(item.notBefore)),
      row('Next one due', item.notAfter === null ? 'it does not say' : formatInstant(item.notAfter)),
      row('Signature', item.signatureAlgorithm),
      row('Authority key id', fingerprint(item.authorityKeyId)),
      row('SHA-256', fingerprint(item.fingerprintSha256)),
    ),
    ...section('Issuer', nameRows(item.issuerParts, item.issuer)),
    ...(list === null || list.entryCount === 0 || der === undefined ? [] : [entriesOf(der)]),
    ...extensionSection(item),
  ];
}

function entriesOf(der: Uint8Array): Section {
  return {
    heading: 'Revoked certificates',
    rows: [],
    table: {
      columns: ['Serial number', 'Revoked', 'Reason'],
      filter: 'Serial number (hex)',
      page(from, size, filter) {
        const { entries, count } = revocationListPage(der, from, size, serialOf(filter));
        return {
          total: count,
          rows: entries.map((entry) =>
            entry === undefined
              ? [shown('cannot be read'), shown(''), shown('')]
              : [
                  shown(entry.serialNumber, 'code'),
                  shown(formatInstant(entry.revokedAt)),
                  shown(entry.reason ?? 'not given'),
                ],
          ),
        };
      },
    },
  };
}

/** As people copy it: `0A:1B`, `0x0a1b`. Leading zero octets are not in the list's hex either. */
function serialOf(filter: string): string {
  return filter
    .toLowerCase()
    .replace(/^\s*0x/, '')
    .replace(/[^0-9a-f-]/g, '');
}

export function keyRevocationListSections(item: CredentialItem): readonly Section[] {
  const list = item.keyRevocationList;
  if (list === null) return [];
  const certificates = list.certificates.flatMap(({ authority, serialNumbers, keyIds }) => [
    ...serialNumbers.map((serial) => [
      shown('serial number'),
      shown(serial, 'code'),
      shown(authority ?? 'any', 'code'),
    ]),
    ...keyIds.map((keyId) => [shown('key id'), shown(keyId, 'code'), shown(authority ?? 'any', 'code')]),
  ]);
  const keys = list.keys.map((key) => [shown('key'), shown(key, 'code'), shown('')]);
  return [
    ...section(
      'List',
      row('Revoked', plural(list.entryCount, 'entry', 'entries')),
      row('Version', list.version),
      row('Made', item.notBefore && formatInstant(item.notBefore)),
      row('Comment', item.label),
    ),
    {
      heading: 'Revoked keys and certificates',
      rows: [],
      table: tableOf(['By', 'What', 'Of the authority'], [...certificates, ...keys]),
    },
  ];
}

export function lockedSections(item: CredentialItem): readonly Section[] {
  return section(
    'Locked',
    row('Format', item.format),
    row('Encryption', item.encryption),
    row('Inside', 'cannot be told without the passphrase'),
  );
}

export function plainSections(item: CredentialItem): readonly Section[] {
  return section('What it is', row('Format', item.format), row('Name', item.label));
}
