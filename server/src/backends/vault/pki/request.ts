import type { Name } from '@peculiar/asn1-x509';
import { parseIpAddress } from '../../../core/credential/build/ipAddress.ts';
import { generalNamesOf, subjectOf } from '../../../core/credential/build/names.ts';
import { decodeCertificate } from '../../../core/credential/certificate.ts';
import { decodeCertificateRequest } from '../../../core/credential/certificateRequest.ts';
import type { GeneralName } from '../../../core/credential/generalName.ts';
import type { ClassicalKeyAlgorithm, KeyAlgorithm } from '../../../core/credential/keyAlgorithm.ts';
import { toHex } from '../../../core/credential/octets.ts';
import { encodePem } from '../../../core/credential/pem.ts';
import type { SubjectNames } from '../../../core/credential/subjectNames.ts';
import type { Hasher } from '../../../core/ports.ts';
import { classicalAlgorithm } from '../../classicalAlgorithm.ts';
import type { CertificateRequest, CertificateWish, ServiceKeyRequest } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import type { PkiRole } from './role.ts';

const COMMON_NAME = '2.5.4.3';

/** What goes to `sign/<role>`. Throws as `grantedSeconds` does. */
export function signParameters(
  request: CertificateRequest,
  key: KeyAlgorithm,
  role: PkiRole,
  place: string,
  hasher: Hasher,
): Readonly<Record<string, unknown>> {
  const { ttl, commonName } = checkAgainstRole(request, key, role, place);
  checkOwnNames(request, role, commonName, place, hasher);
  return {
    csr: encodePem('CERTIFICATE REQUEST', request.csr),
    format: 'pem',
    ttl: `${ttl}s`,
    exclude_cn_from_sans: true,
    ...(commonName === '' ? {} : { common_name: commonName }),
    ...(role.usesCsrNames ? {} : namesOf(request)),
  };
}

/** What of a request a role decides by. */
type Asked = Pick<CertificateWish, 'names' | 'usages' | 'durationSeconds'>;

/** The refusals of both, as far as they do not depend on a certificate request. `makes`: the key, too. */
export function checkAgainstRole(
  request: Asked,
  key: KeyAlgorithm,
  role: PkiRole,
  place: string,
  { makes = false }: { readonly makes?: boolean | undefined } = {},
): { readonly ttl: number; readonly commonName: string } {
  const offered = makes ? role.serviceKeyAlgorithms : role.keyAlgorithms;
  if (!offered.includes(key)) throw noSuchKey(place, makes ? 'makes' : 'takes', key, offered);
  return {
    ttl: grantedSeconds(request, role, place),
    commonName: checkCommonName(request, role, place),
  };
}

/** The size of a key as the server counts it; it asks for none where the type has one alone. */
const KEY_PARAMETERS: Readonly<
  Record<ClassicalKeyAlgorithm, { readonly type: string; readonly bits: number }>
> = {
  'ECDSA-P256': { type: 'ec', bits: 256 },
  'ECDSA-P384': { type: 'ec', bits: 384 },
  'ECDSA-P521': { type: 'ec', bits: 521 },
  Ed25519: { type: 'ed25519', bits: 0 },
  'RSA-2048': { type: 'rsa', bits: 2048 },
  'RSA-3072': { type: 'rsa', bits: 3072 },
  'RSA-4096': { type: 'rsa', bits: 4096 },
};

/** What goes to `issue/<role>`, with the second at which the certificate is to end. Throws as `grantedSeconds` does. */
export function issueParameters(
  request: ServiceKeyRequest,
  notAfter: string,
  role: PkiRole,
  place: string,
): Readonly<Record<string, unknown>> {
  const { keyAlgorithm } = request;
  const { commonName } = checkAgainstRole(request, keyAlgorithm, role, place, { makes: true });
  const { type, bits } = KEY_PARAMETERS[classicalAlgorithm(keyAlgorithm)];
  return {
    format: 'pem',
    private_key_format: 'pkcs8',
    not_after: notAfter,
    exclude_cn_from_sans: true,
    ...(commonName === '' ? {} : { common_name: commonName }),
    ...namesOf(request),
    ...(role.asksForKeyType ? { key_type: type, key_bits: bits } : {}),
  };
}

function noSuchKey(
  place: string,
  does: 'takes' | 'makes',
  key: KeyAlgorithm,
  offered: readonly KeyAlgorithm[],
): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `${place} ${does} no ${key} keys`,
    hint:
      offered.length === 0
        ? 'name another role in spec.pki.role, or set spec.key.origin to machine, store or engine'
        : `use one of ${offered.join(', ')}, or have the role changed`,
  });
}

function namesOf({ names }: CertificateWish): Readonly<Record<string, string>> {
  return {
    alt_names: [...names.dnsNames, ...names.emailAddresses].join(','),
    ip_sans: names.ipAddresses.join(','),
    uri_sans: names.uris.join(','),
  };
}

/**
 * For how long to ask, in seconds. Throws `invalid-request` for what the role would refuse, and for what it would grant
 * otherwise than the manifest says: the server shortens a validity and replaces names without an error.
 */
export function grantedSeconds(request: Asked, role: PkiRole, place: string): number {
  const refuse = (what: string, hint: string): BackendError =>
    new BackendError({ kind: 'invalid-request', what: `${place} ${what}`, hint });
  const { names, durationSeconds } = request;
  if (!role.stores)
    throw refuse(
      'stores nothing that it issues (no_store), so that could neither be found after an interruption nor be shown to be revoked',
      'have the role set to no_store=false, or name another one',
    );
  const usage = request.usages.find((each) => !role.usages.includes(each));
  if (usage !== undefined)
    throw refuse(`gives no certificate for ${usage}`, 'correct spec.usages, or have the role allow it');
  if (durationSeconds > role.maximumTtl)
    throw refuse(
      `gives at most ${role.maximumTtl} seconds, and ${durationSeconds} are asked for`,
      'shorten spec.duration, or have the max_ttl of the role raised',
    );
  // The validity is counted from the date that the server sets back, both ends included (RFC 5280, 4.1.2.5).
  const ttl = durationSeconds - role.notBefore - 1;
  if (ttl < 1)
    throw refuse(
      `dates certificates ${role.notBefore} seconds back, so ${durationSeconds} seconds would be over at once`,
      'lengthen spec.duration',
    );
  if (names.ipAddresses.length > 0 && !role.allowsIpAddresses)
    throw refuse(
      'takes no IP addresses',
      'leave out spec.ipAddresses, or have the role set to allow_ip_sans=true',
    );
  return ttl;
}

/** The common name that the manifest declares; empty: none. */
function checkCommonName({ names }: Asked, role: PkiRole, place: string): string {
  const refuse = (what: string, hint: string): BackendError =>
    new BackendError({ kind: 'invalid-request', what: `${place} ${what}`, hint });
  const commonName = commonNameOf(subjectOf(names));
  if (commonName === 'more')
    throw refuse(
      'sets organization, country and the like by itself: of a subject it takes the common name alone',
      'write spec.subject as CN=…, and have the rest set in the role',
    );
  if (commonName === '' && role.requiresCommonName)
    throw refuse(
      'wants a common name',
      'declare spec.subject as CN=…, or have the role set to require_cn=false',
    );
  return commonName;
}

/** A role may take names out of the certificate request: then that must hold those of the manifest. */
function checkOwnNames(
  { csr, names }: CertificateRequest,
  role: PkiRole,
  commonName: string,
  place: string,
  hasher: Hasher,
): void {
  const own = decodeCertificateRequest(csr, hasher).value;
  const differ = (what: string, fields: string): BackendError =>
    new BackendError({
      kind: 'invalid-request',
      what: `${place} takes ${what} from the certificate request, which has others than the manifest`,
      hint: `make a new request with the names of the manifest, or have the role set to ${fields}`,
    });
  if (role.usesCsrNames && !sameNames(own?.facts.subjectAltNames ?? [], names))
    throw differ('names', 'use_csr_sans=false');
  if (
    role.usesCsrCommonName &&
    (own?.subject ?? '') !== (commonName === '' ? '' : `CN=${escaped(commonName)}`)
  )
    throw differ('the common name', 'use_csr_common_name=false');
}

/** Why a certificate is not the one that was asked for; undefined when it is. */
export function mismatch(
  der: Uint8Array,
  request: CertificateWish,
  spkiSha256: string,
  hasher: Hasher,
): string | undefined {
  const certificate = decodeCertificate(der, hasher).value;
  if (certificate === undefined) return 'it cannot be read';
  const { notBefore, notAfter, facts } = certificate;
  if (certificate.spkiSha256 !== spkiSha256) return 'it is for another key';
  if (facts.certificateAuthority === true) return 'it is one of a certificate authority';
  if (!sameNames(facts.subjectAltNames ?? [], request.names)) return 'it has other names';
  const lifetime = (Date.parse(notAfter ?? '') - Date.parse(notBefore ?? '')) / 1000 + 1;
  if (!(lifetime > 0 && lifetime <= request.durationSeconds)) return 'it is valid for another time';
  const missing = request.usages.find((usage) => !(facts.extendedKeyUsages ?? []).includes(usage));
  return missing === undefined ? undefined : `it is not for ${missing}`;
}

function sameNames(found: readonly GeneralName[], wanted: SubjectNames): boolean {
  const expected = wantedNames(wanted);
  const given = comparableNames(found);
  return given.length === expected.length && expected.every((name) => given.includes(name));
}

/** Sorted, each once, in a form that names of a certificate have too. */
export function wantedNames(wanted: SubjectNames): readonly string[] {
  const kinds = { dns: 'dns', ip: 'ip', url: 'uri', email: 'email' } as const;
  return sorted(
    generalNamesOf(wanted).flatMap(({ type, value }) =>
      type in kinds ? [comparable(kinds[type as keyof typeof kinds], String(value))] : [],
    ),
  );
}

export function comparableNames(found: readonly GeneralName[]): readonly string[] {
  return sorted(found.map(({ kind, value }) => comparable(kind, value)));
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

/** Names are compared as clients do: host names in any case, addresses by their octets. */
function comparable(kind: GeneralName['kind'], value: string): string {
  switch (kind) {
    case 'dns':
      return `dns ${value.toLowerCase()}`;
    case 'ip':
      return `ip ${toHex(parseIpAddress(value) ?? new Uint8Array())}`;
    default:
      return `${kind} ${value}`;
  }
}

/** `''`: none; `more`: there are other attributes than one common name. */
function commonNameOf(subject: Name): string {
  const [first, ...rest] = [...subject].flatMap((part) => [...part]);
  if (first === undefined) return '';
  if (rest.length > 0 || first.type !== COMMON_NAME) return 'more';
  return first.value.toString();
}

/** RFC 4514, 2.4, as far as a common name of ours needs it. */
function escaped(text: string): string {
  return text.replace(/[\\",+;<>=#]/g, (character) => `\\${character}`);
}
