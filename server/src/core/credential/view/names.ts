/** What names, usages and policies are called to a person. */
import type { NamePart } from '../distinguishedName.ts';
import type { CredentialItem } from '../inspect/item.ts';
import { type Row, row, type Section, section, shown } from './shown.ts';

const PARTS: Readonly<Record<string, string>> = {
  CN: 'Common name',
  O: 'Organization',
  OU: 'Organizational unit',
  C: 'Country',
  ST: 'State or province',
  L: 'Locality',
  STREET: 'Street',
  DC: 'Domain component',
  UID: 'User id',
  SN: 'Surname',
  GN: 'Given name',
  serialNumber: 'Serial number of the subject',
  emailAddress: 'Email address',
  organizationIdentifier: 'Organization identifier',
  businessCategory: 'Business category',
  jurisdictionC: 'Jurisdiction, country',
  jurisdictionST: 'Jurisdiction, state',
  jurisdictionL: 'Jurisdiction, locality',
};

const KINDS: Readonly<Record<string, string>> = {
  dns: 'DNS names',
  ip: 'IP addresses',
  uri: 'URIs',
  email: 'Email addresses',
  directory: 'Directory names',
  registeredId: 'Registered ids',
  other: 'Other names',
};

/** The name by which a person knows it: the common name, else the last part. */
export function shortName(parts: readonly NamePart[]): string | undefined {
  const common = parts.findLast(({ name }) => name === 'CN') ?? parts.at(-1);
  return common?.value;
}

export function nameRows(parts: readonly NamePart[], text: string | null): readonly Row[] {
  if (parts.length === 0) return row('Name', text === '' ? 'empty' : text);
  // What a person knows it by stands first.
  const labels = [...new Set(['CN', ...parts.map(({ name }) => name)])];
  return labels.flatMap((label) =>
    row(
      PARTS[label] ?? label,
      ...parts.filter(({ name }) => name === label).map(({ value }) => shown(value)),
    ),
  );
}

type Names = CredentialItem['subjectAltNames'];

export function alternativeNames(names: Names): readonly Section[] {
  return section('Alternative names', ...kindRows(names));
}

function kindRows(names: Names): readonly (readonly Row[])[] {
  const kinds = [...new Set(names.map(({ kind }) => kind))];
  return kinds.map((kind) =>
    row(
      KINDS[kind] ?? kind,
      ...names.filter((each) => each.kind === kind).map(({ value }) => shown(value, 'code')),
    ),
  );
}

export function constraintSections({ nameConstraints }: CredentialItem): readonly Section[] {
  if (nameConstraints === null) return [];
  const rows = (names: Names, word: string): readonly (readonly Row[])[] =>
    kindRows(names).map((rows) => rows.map(({ label, values }) => ({ label: `${word}: ${label}`, values })));
  return section(
    'Names that it may vouch for',
    ...rows(nameConstraints.permitted, 'Only'),
    ...rows(nameConstraints.excluded, 'Never'),
  );
}

const USAGES: Readonly<Record<string, string>> = {
  digitalSignature: 'sign data and handshakes',
  nonRepudiation: 'sign what may not be denied',
  keyEncipherment: 'encrypt keys',
  dataEncipherment: 'encrypt data',
  keyAgreement: 'agree on keys',
  keyCertSign: 'sign certificates',
  cRLSign: 'sign revocation lists',
  encipherOnly: 'agree on keys to encrypt only',
  decipherOnly: 'agree on keys to decrypt only',
  anyExtendedKeyUsage: 'anything',
  serverAuth: 'be a TLS server',
  clientAuth: 'be a TLS client',
  codeSigning: 'sign programs',
  emailProtection: 'protect email',
  timeStamping: 'sign timestamps',
  OCSPSigning: 'sign OCSP answers',
};

export function usageValue(usage: string) {
  const note = USAGES[usage];
  return shown(usage, 'code', note === undefined ? {} : { note });
}

const POLICIES: Readonly<Record<string, string>> = {
  '2.5.29.32.0': 'any policy',
  '2.23.140.1.1': 'extended validation',
  '2.23.140.1.2.1': 'domain validated',
  '2.23.140.1.2.2': 'organization validated',
  '2.23.140.1.2.3': 'individual validated',
  '2.23.140.1.3': 'extended validation for programs',
  '2.23.140.1.4.1': 'baseline requirements for programs',
};

export function policyValue(oid: string) {
  const note = POLICIES[oid];
  return shown(oid, 'code', note === undefined ? {} : { note });
}
