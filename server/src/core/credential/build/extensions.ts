import { AsnConvert } from '@peculiar/asn1-schema';
import { Extension as AsnExtension } from '@peculiar/asn1-x509';
import type { AuthorityInfoAccessParams, JsonGeneralNames } from '@peculiar/x509';
import { toHex } from '../octets.ts';
import type { CertificateUsage } from '../subjectNames.ts';
import { bufferOf, derOf } from './der.ts';
import {
  AuthorityInfoAccessExtension,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  type KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
} from './x509.ts';

/** Where relying parties fetch revocation data and the issuer's certificate from. */
export interface AuthorityUrls {
  readonly crl?: string;
  readonly ocsp?: string;
  readonly issuerCertificate?: string;
}

/** As the structures take it that are signed here: certificates, lists, their entries. */
export function asnExtensions(extensions: readonly Extension[]): AsnExtension[] {
  return extensions.map(({ rawData }) => AsnConvert.parse(rawData, AsnExtension));
}

/** One that has no class of its own; never critical. */
export function extensionOf(oid: string, value: unknown): Extension {
  return new Extension(oid, false, bufferOf(derOf(value)));
}

/** RFC 5280, 4.2.1.9: critical in a CA certificate; we always say it, so a leaf says outright that it is none. */
export function basicConstraints(authority: { readonly pathLength?: number } | undefined): Extension {
  return new BasicConstraintsExtension(authority !== undefined, authority?.pathLength, true);
}

export function keyUsage(flags: KeyUsageFlags): Extension {
  return new KeyUsagesExtension(flags, true);
}

/** RFC 3161, 2.3: time stamping stands alone and critical. */
export function extendedKeyUsage(usages: readonly CertificateUsage[]): Extension {
  const purposes = usages.map((usage) => ExtendedKeyUsage[usage]);
  return new ExtendedKeyUsageExtension(purposes, usages.includes('timeStamping'));
}

/** RFC 5280, 4.2.1.6: critical when the subject is empty, since then it alone names the bearer. */
export function subjectAlternativeName(names: JsonGeneralNames, critical: boolean): Extension {
  return new SubjectAlternativeNameExtension(names, critical);
}

export function subjectKeyIdentifier(keyIdentifier: Uint8Array): Extension {
  // As hex: octets would be read as the DER of a whole extension.
  return new SubjectKeyIdentifierExtension(toHex(keyIdentifier), false);
}

export function authorityKeyIdentifier(keyIdentifier: Uint8Array): Extension {
  return new AuthorityKeyIdentifierExtension(toHex(keyIdentifier), false);
}

/** CRL and OCSP pointers; nothing where nothing is served, since a dead pointer is worse than none. */
export function pointers({ crl, ocsp, issuerCertificate }: AuthorityUrls): readonly Extension[] {
  const access: AuthorityInfoAccessParams = {
    ...(ocsp === undefined ? {} : { ocsp }),
    ...(issuerCertificate === undefined ? {} : { caIssuers: issuerCertificate }),
  };
  return [
    ...(crl === undefined ? [] : [new CRLDistributionPointsExtension([crl], false)]),
    ...(Object.keys(access).length === 0 ? [] : [new AuthorityInfoAccessExtension(access, false)]),
  ];
}

/** id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1); its value is NULL. */
export function ocspNoCheck(): Extension {
  return new Extension('1.3.6.1.5.5.7.48.1.5', false, Uint8Array.of(0x05, 0x00));
}
