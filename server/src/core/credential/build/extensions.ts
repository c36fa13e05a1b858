import { OctetString } from '@peculiar/asn1-schema';
import {
  AccessDescription,
  AuthorityInfoAccessSyntax,
  AuthorityKeyIdentifier,
  BasicConstraints,
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  id_ad_caIssuers,
  id_ad_ocsp,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_cRLDistributionPoints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_codeSigning,
  id_kp_emailProtection,
  id_kp_OCSPSigning,
  id_kp_serverAuth,
  id_kp_timeStamping,
  id_pe_authorityInfoAccess,
  KeyIdentifier,
  KeyUsage,
  type KeyUsageFlags,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509';
import type { CertificateUsage } from '../subjectNames.ts';
import { bufferOf, derOf } from './der.ts';

/** Where relying parties fetch revocation data and the issuer's certificate from. */
export interface AuthorityUrls {
  readonly crl?: string;
  readonly ocsp?: string;
  readonly issuerCertificate?: string;
}

const PURPOSES: Readonly<Record<CertificateUsage, string>> = {
  serverAuth: id_kp_serverAuth,
  clientAuth: id_kp_clientAuth,
  codeSigning: id_kp_codeSigning,
  emailProtection: id_kp_emailProtection,
  timeStamping: id_kp_timeStamping,
  ocspSigning: id_kp_OCSPSigning,
};

export function extensionOf(extnID: string, critical: boolean, value: unknown): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(derOf(value)) });
}

/** RFC 5280, 4.2.1.9: critical in a CA certificate; we always say it, so a leaf says outright that it is none. */
export function basicConstraints(authority: { readonly pathLength?: number } | undefined): Extension {
  const value =
    authority === undefined
      ? new BasicConstraints()
      : new BasicConstraints({
          cA: true,
          ...(authority.pathLength === undefined ? {} : { pathLenConstraint: authority.pathLength }),
        });
  return extensionOf(id_ce_basicConstraints, true, value);
}

export function keyUsage(flags: KeyUsageFlags): Extension {
  return extensionOf(id_ce_keyUsage, true, new KeyUsage(flags));
}

/** RFC 3161, 2.3: time stamping stands alone and critical. */
export function extendedKeyUsage(usages: readonly CertificateUsage[]): Extension {
  const critical = usages.includes('timeStamping');
  return extensionOf(
    id_ce_extKeyUsage,
    critical,
    new ExtendedKeyUsage(usages.map((usage) => PURPOSES[usage])),
  );
}

/** RFC 5280, 4.2.1.6: critical when the subject is empty, since then it alone names the bearer. */
export function subjectAlternativeName(names: readonly GeneralName[], critical: boolean): Extension {
  return extensionOf(id_ce_subjectAltName, critical, new SubjectAlternativeName([...names]));
}

export function subjectKeyIdentifier(keyIdentifier: Uint8Array): Extension {
  return extensionOf(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(bufferOf(keyIdentifier)));
}

export function authorityKeyIdentifier(keyIdentifier: Uint8Array): Extension {
  const value = new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(bufferOf(keyIdentifier)) });
  return extensionOf(id_ce_authorityKeyIdentifier, false, value);
}

/** CRL and OCSP pointers; nothing where nothing is served, since a dead pointer is worse than none. */
export function pointers(urls: AuthorityUrls): readonly Extension[] {
  const uri = (text: string): GeneralName => new GeneralName({ uniformResourceIdentifier: text });
  const extensions: Extension[] = [];
  if (urls.crl !== undefined) {
    const distributionPoint = new DistributionPointName({ fullName: [uri(urls.crl)] });
    const points = new CRLDistributionPoints([new DistributionPoint({ distributionPoint })]);
    extensions.push(extensionOf(id_ce_cRLDistributionPoints, false, points));
  }
  const access: AccessDescription[] = [];
  if (urls.ocsp !== undefined)
    access.push(new AccessDescription({ accessMethod: id_ad_ocsp, accessLocation: uri(urls.ocsp) }));
  if (urls.issuerCertificate !== undefined)
    access.push(
      new AccessDescription({ accessMethod: id_ad_caIssuers, accessLocation: uri(urls.issuerCertificate) }),
    );
  if (access.length > 0)
    extensions.push(extensionOf(id_pe_authorityInfoAccess, false, new AuthorityInfoAccessSyntax(access)));
  return extensions;
}

/** id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1); its value is NULL. */
export function ocspNoCheck(): Extension {
  return new Extension({ extnID: '1.3.6.1.5.5.7.48.1.5', extnValue: new OctetString([0x05, 0x00]) });
}
