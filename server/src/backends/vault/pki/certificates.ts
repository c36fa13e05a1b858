import { X509Certificate } from 'node:crypto';
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

/** Signed by the very key that it certifies. */
export function isRoot(der: Uint8Array): boolean {
  try {
    const certificate = new X509Certificate(der);
    return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}
