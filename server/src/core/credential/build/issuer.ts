import { AsnConvert } from '@peculiar/asn1-schema';
import {
  Certificate,
  id_ce_subjectKeyIdentifier,
  type Name,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509';
import { derOf } from './der.ts';

/** What signing and status need to know of a CA certificate that was built here. */
export interface IssuerCertificate {
  readonly der: Uint8Array;
  readonly name: Name;
  /** DER of the name, as it stands in what it signs. */
  readonly nameDer: Uint8Array;
  readonly keyIdentifier: Uint8Array;
  readonly spki: Uint8Array;
  /** Content of the key's BIT STRING: what OCSP hashes (RFC 6960, 4.1.1). */
  readonly keyBits: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Undefined when it is no certificate with a key identifier. */
export function readIssuerCertificate(der: Uint8Array): IssuerCertificate | undefined {
  try {
    const { tbsCertificate: tbs } = AsnConvert.parse(der, Certificate);
    const found = tbs.extensions?.find(({ extnID }) => extnID === id_ce_subjectKeyIdentifier);
    if (found === undefined) return undefined;
    return {
      der,
      name: tbs.subject,
      nameDer: derOf(tbs.subject),
      keyIdentifier: new Uint8Array(AsnConvert.parse(found.extnValue, SubjectKeyIdentifier).buffer),
      spki: derOf(tbs.subjectPublicKeyInfo),
      keyBits: new Uint8Array(tbs.subjectPublicKeyInfo.subjectPublicKey),
      notBefore: tbs.validity.notBefore.getTime(),
      notAfter: tbs.validity.notAfter.getTime(),
    };
  } catch {
    return undefined;
  }
}
