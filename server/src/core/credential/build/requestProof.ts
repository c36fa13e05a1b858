import { CertificationRequest } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import type { SignatureVerifier } from '../../ports.ts';
import { derOf } from './der.ts';
import { type ReadPublicKey, readPublicKey } from './publicKey.ts';

/** Real requests have a few kilobytes; the largest RSA key with 500 names stays below this. */
const MAXIMUM_REQUEST = 128 * 1024;

/**
 * The key of a DER PKCS#10 request, once the request's signature proved that its sender holds the private key
 * (RFC 2986, 3) and the key is one that may be certified. Names and attributes in it are left alone.
 */
export function readProvenKey(request: Uint8Array, verifier: SignatureVerifier): ReadPublicKey {
  if (request.length > MAXIMUM_REQUEST)
    return { ok: false, why: `the request is larger than ${MAXIMUM_REQUEST} octets` };
  let parsed: CertificationRequest;
  try {
    parsed = AsnConvert.parse(request, CertificationRequest);
  } catch {
    return { ok: false, why: 'it is no PKCS#10 request (RFC 2986)' };
  }
  const key = readPublicKey(derOf(parsed.certificationRequestInfo.subjectPKInfo));
  if (!key.ok) return key;
  const signed = parsed.certificationRequestInfoRaw;
  if (signed === undefined) return { ok: false, why: 'it is no PKCS#10 request (RFC 2986)' };
  const outcome = verifier.verify(
    key.spki,
    derOf(parsed.signatureAlgorithm),
    new Uint8Array(signed),
    new Uint8Array(parsed.signature),
  );
  switch (outcome) {
    case 'good':
      return key;
    case 'bad':
      return {
        ok: false,
        why: 'its signature does not fit its key, so nothing proves who holds the private key',
      };
    case 'cannot-verify-here':
      return { ok: false, why: 'its signature algorithm cannot be checked here' };
    default:
      return outcome satisfies never;
  }
}
