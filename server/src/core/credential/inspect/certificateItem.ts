import type { Finding } from '../../finding.ts';
import { formatInstant } from '../../text/instant.ts';
import { decodeCertificate } from '../certificate.ts';
import { decodeCertificateRequest } from '../certificateRequest.ts';
import type { ExtensionFacts, RawExtension } from '../extension.ts';
import { certificateExpired } from '../findings/certificateExpired.ts';
import { certificateNotYetValid } from '../findings/certificateNotYetValid.ts';
import { crlOutOfDate } from '../findings/crlOutOfDate.ts';
import { requestBadSignature } from '../findings/requestBadSignature.ts';
import { toHex } from '../octets.ts';
import { decodeRevocationList } from '../revocationList.ts';
import type { CredentialItem, ExtensionItem } from './item.ts';
import { lintFindings } from './lintFindings.ts';
import { damage, daysUntil, findingAt, itemAt, keyMembers, type Place } from './place.ts';

/** Entries of a CRL that are shown; a public CA's list has a million. */
const MAX_ENTRIES = 10_000;

export interface CertificateReading {
  /** OpenSSL's trust settings may follow the certificate (its TRUSTED CERTIFICATE). */
  readonly auxiliary?: boolean;
  /** It is only what is left before damage that was reported already. */
  readonly piece?: boolean;
}

export function certificateItem(
  place: Place,
  der: Uint8Array,
  { auxiliary = false, piece = false }: CertificateReading = {},
): CredentialItem {
  const { value, problems } = decodeCertificate(der, place.context.hasher);
  const follows = value !== undefined && !value.truncated && value.der.length < der.length;
  const meant = auxiliary && follows ? problems.filter(({ offset }) => offset < value.der.length) : problems;
  const findings = piece ? [] : damage(place, meant);
  if (value === undefined) return itemAt(place, 'certificate', 'X.509', { findings });
  if (!value.truncated) place.context.keep?.certificate?.(value);
  return itemAt(place, 'certificate', 'X.509', {
    version: value.version ?? null,
    subject: value.subject ?? null,
    issuer: value.issuer ?? null,
    subjectParts: value.subjectParts,
    issuerParts: value.issuerParts,
    serialNumber: value.serialNumber ?? null,
    ...validity(place, value.notBefore, value.notAfter),
    ...keyMembers(place, value.publicKey),
    fingerprintSha256: value.truncated ? null : value.fingerprintSha256,
    fingerprintSha1: value.truncated ? null : value.fingerprintSha1,
    signatureAlgorithm: value.signatureAlgorithm ?? null,
    ...extensionMembers(value.facts, value.extensions),
    // RFC 5280, 4.2.1.9: without the extension it is no CA.
    certificateAuthority: value.facts.certificateAuthority ?? false,
    findings: [
      ...findings,
      ...validityFindings(place, value.notBefore, value.notAfter, value.subject ?? ''),
      ...(piece ? [] : lintFindings(place, value.der)),
    ],
  });
}

export function requestItem(place: Place, der: Uint8Array): CredentialItem {
  const { hasher, verifier } = place.context;
  const { value, problems } = decodeCertificateRequest(der, hasher);
  const findings = damage(place, problems);
  const fingerprintSha256 = toHex(hasher.hash('sha256', der));
  if (value === undefined)
    return itemAt(place, 'certificate-request', 'PKCS#10', { fingerprintSha256, findings });
  const { signed, publicKey } = value;
  const selfSignature =
    signed === undefined || publicKey === undefined
      ? null
      : verifier.verify(publicKey.spki, signed.algorithm, signed.data, signed.signature);
  const bad =
    selfSignature === 'bad'
      ? [
          findingAt(
            place,
            requestBadSignature,
            'the signature of the request does not fit its key: it was changed, or made with another key',
          ),
        ]
      : [];
  return itemAt(place, 'certificate-request', 'PKCS#10', {
    version: value.version ?? null,
    subject: value.subject ?? null,
    subjectParts: value.subjectParts,
    attributes: value.attributes,
    ...keyMembers(place, publicKey),
    fingerprintSha256,
    signatureAlgorithm: value.signatureAlgorithm ?? null,
    selfSignature,
    ...extensionMembers(value.facts, value.extensions),
    findings: [...findings, ...bad],
  });
}

export function revocationListItem(place: Place, der: Uint8Array): CredentialItem {
  const { value, problems } = decodeRevocationList(der, MAX_ENTRIES);
  const findings = damage(place, problems);
  const fingerprintSha256 = toHex(place.context.hasher.hash('sha256', der));
  if (value === undefined) return itemAt(place, 'crl', 'X.509', { fingerprintSha256, findings });
  place.context.keep?.revocationList?.(fingerprintSha256, der);
  const { thisUpdate, nextUpdate } = value;
  const late =
    nextUpdate !== undefined && Date.parse(nextUpdate) < place.context.now.getTime()
      ? [
          findingAt(
            place,
            crlOutOfDate,
            `the next list was due on ${formatInstant(nextUpdate)}; this one says nothing of revocations since`,
          ),
        ]
      : [];
  return itemAt(place, 'crl', 'X.509', {
    issuer: value.issuer ?? null,
    issuerParts: value.issuerParts,
    ...validity(place, thisUpdate, nextUpdate),
    fingerprintSha256,
    signatureAlgorithm: value.signatureAlgorithm ?? null,
    ...extensionMembers(value.facts, value.extensions),
    revocationList: {
      number: value.facts.crlNumber ?? null,
      baseNumber: value.facts.baseCrlNumber ?? null,
      entryCount: value.entryCount,
      entries: value.entries.map((entry) => ({ ...entry, reason: entry.reason ?? null })),
    },
    findings: [...findings, ...late],
  });
}

export function validity(
  place: Place,
  notBefore: string | undefined,
  notAfter: string | undefined,
): Pick<CredentialItem, 'notBefore' | 'notAfter' | 'daysLeft'> {
  return {
    notBefore: notBefore ?? null,
    notAfter: notAfter ?? null,
    daysLeft: notAfter === undefined ? null : daysUntil(place, notAfter),
  };
}

export function validityFindings(
  place: Place,
  notBefore: string | undefined,
  notAfter: string | undefined,
  name: string,
  what = 'the certificate',
): readonly Finding[] {
  const now = place.context.now.getTime();
  const who = name === '' ? what : `${what} of ${name}`;
  if (notAfter !== undefined && Date.parse(notAfter) < now) {
    return [findingAt(place, certificateExpired, `${who} expired on ${formatInstant(notAfter)}`)];
  }
  if (notBefore !== undefined && Date.parse(notBefore) > now) {
    return [
      findingAt(place, certificateNotYetValid, `${who} is not valid before ${formatInstant(notBefore)}`),
    ];
  }
  return [];
}

function extensionMembers(facts: ExtensionFacts, raw: readonly RawExtension[]): Partial<CredentialItem> {
  return {
    subjectAltNames: facts.subjectAltNames ?? [],
    keyUsages: facts.keyUsages ?? [],
    extendedKeyUsages: facts.extendedKeyUsages ?? [],
    certificateAuthority: facts.certificateAuthority ?? null,
    pathLength: facts.pathLength ?? null,
    subjectKeyId: facts.subjectKeyId ?? null,
    authorityKeyId: facts.authorityKeyId ?? null,
    crlUrls: facts.crlUrls ?? [],
    ocspUrls: facts.ocspUrls ?? [],
    issuerUrls: facts.issuerUrls ?? [],
    policies: facts.policies ?? [],
    nameConstraints: facts.nameConstraints ?? null,
    timestamps: facts.timestamps ?? [],
    tlsFeatures: facts.tlsFeatures ?? [],
    extensions: raw.map(
      ({ oid, name, critical, value }): ExtensionItem => ({
        oid,
        name: name ?? null,
        critical,
        value: toHex(value),
      }),
    ),
  };
}
