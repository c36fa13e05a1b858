import { type CertID, id_pkix_ocsp_nonce, OCSPRequest } from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import type { Hasher } from '../../ports.ts';
import { sameOctets, toHex, withoutLeadingZeros } from '../octets.ts';
import { DIGESTS } from '../oid.ts';
import type { IssuerCertificate } from './issuer.ts';

const MAXIMUM_REQUEST = 64 * 1024;
const MAXIMUM_CERTIFICATES = 100;
/** RFC 9654, 2.1. */
const MAXIMUM_NONCE = 128;

export interface StatusQuestion {
  /** As it was asked: an answer repeats it to the octet. */
  readonly certId: CertID;
  /** Hex, lower case, no leading zero octet. */
  readonly serialNumber: string;
}

export interface ReadOcspRequest {
  readonly questions: readonly StatusQuestion[];
  /** Value of the nonce extension, to be repeated (RFC 6960, 4.4.1). */
  readonly nonce: Uint8Array | undefined;
}

/** Undefined when it is none, or larger than any honest one. A signature on it is not asked for and not looked at. */
export function readOcspRequest(der: Uint8Array): ReadOcspRequest | undefined {
  if (der.length > MAXIMUM_REQUEST) return undefined;
  try {
    const { tbsRequest } = AsnConvert.parse(der, OCSPRequest);
    const { requestList } = tbsRequest;
    if (requestList.length === 0 || requestList.length > MAXIMUM_CERTIFICATES) return undefined;
    const extension = tbsRequest.requestExtensions?.find(({ extnID }) => extnID === id_pkix_ocsp_nonce);
    const nonce = extension && new Uint8Array(extension.extnValue.buffer);
    if (nonce !== undefined) {
      const length = AsnConvert.parse(nonce, OctetString).byteLength;
      if (length < 1 || length > MAXIMUM_NONCE) return undefined;
    }
    return {
      nonce,
      questions: requestList.map(({ reqCert }) => ({
        certId: reqCert,
        serialNumber: toHex(withoutLeadingZeros(new Uint8Array(reqCert.serialNumber))),
      })),
    };
  } catch {
    return undefined;
  }
}

/** Whether the question is about a certificate of this issuer (RFC 6960, 4.1.1). */
export function asksAbout(question: StatusQuestion, issuer: IssuerCertificate, hasher: Hasher): boolean {
  const { hashAlgorithm, issuerNameHash, issuerKeyHash } = question.certId;
  const hash = DIGESTS.get(hashAlgorithm.algorithm);
  if (hash === undefined) return false;
  return (
    sameOctets(hasher.hash(hash, issuer.nameDer), new Uint8Array(issuerNameHash.buffer)) &&
    sameOctets(hasher.hash(hash, issuer.keyBits), new Uint8Array(issuerKeyHash.buffer))
  );
}
