import { AsnConvert } from '@peculiar/asn1-schema';

/** A copy as the ASN.1 classes take it: their fields are whole buffers, ours may be views into larger ones. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

export function derOf(value: unknown): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(value));
}

/** Content octets of a positive INTEGER: as short as X.690, 8.3.2 wants, with a zero octet where the top bit is set. */
export function positiveInteger(magnitude: Uint8Array): ArrayBuffer {
  const first = magnitude.findIndex((octet) => octet !== 0);
  if (first < 0) return new Uint8Array([0]).buffer;
  const significant = magnitude.subarray(first);
  const padded = new Uint8Array(significant.length + ((significant[0] ?? 0) >= 0x80 ? 1 : 0));
  padded.set(significant, padded.length - significant.length);
  return padded.buffer;
}

/** ASN.1 times have whole seconds here (RFC 5280, 4.1.2.5: no fractions). */
export function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
