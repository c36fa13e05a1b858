import { X509Certificate } from 'node:crypto';
import { encodeBase64 } from '../../../core/credential/base64.ts';
import { decodePem } from '../../../core/credential/pem.ts';

/** DER of every certificate of a PEM text, in its order. */
export function certificatesIn(pem: unknown): readonly Uint8Array[] {
  return typeof pem !== 'string'
    ? []
    : decodePem(pem)
        .filter(({ label, problem }) => label === 'CERTIFICATE' && problem === undefined)
        .map(({ bytes }) => bytes);
}

/** The serial number as the server's paths have it: hex octets with colons between. */
export function colonSerial(serialNumber: string): string {
  return serialNumber.match(/../g)?.join(':') ?? serialNumber;
}

/** Of issuers, by their DER: the same few come with every certificate. */
const roots = new Map<string, boolean>();
const MOST_KEPT = 100;

/** Signed by the very key that it certifies. */
export function isRoot(der: Uint8Array): boolean {
  const text = encodeBase64(der);
  const known = roots.get(text);
  if (known !== undefined) return known;
  const found = verifiesItself(der);
  if (roots.size >= MOST_KEPT) roots.clear();
  roots.set(text, found);
  return found;
}

function verifiesItself(der: Uint8Array): boolean {
  try {
    const certificate = new X509Certificate(der);
    return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}
