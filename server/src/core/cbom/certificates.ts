import { type DecodedCertificate, decodeCertificate } from '../credential/certificate.ts';
import { decodePem } from '../credential/pem.ts';
import type { Hasher } from '../ports.ts';

/** A record holds a leaf and its issuers; a forged one may hold anything. */
const MOST_IN_CHAIN = 10;

/** The certificates of what was recorded of a credential, leaf first; what cannot be read is left out. */
export function certificatesIn(text: string, hasher: Hasher): readonly DecodedCertificate[] {
  if (!text.includes('-----BEGIN CERTIFICATE-----')) return [];
  return decodePem(text)
    .slice(0, MOST_IN_CHAIN)
    .flatMap(({ bytes }) => decodeCertificate(bytes, hasher).value ?? []);
}
