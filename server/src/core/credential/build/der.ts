import { AsnConvert } from '@peculiar/asn1-schema';

/** A copy as the ASN.1 classes take it: their fields are whole buffers, ours may be views into larger ones. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

export function derOf(value: unknown): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(value));
}

/** One element around others that are DER already (X.690, 8.1.3: lengths as short as they go). */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, { length }) => sum + length, 0);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 + octets.length, ...octets];
  const der = new Uint8Array(header.length + length);
  der.set(header);
  let at = header.length;
  for (const part of parts) {
    der.set(part, at);
    at += part.length;
  }
  return der;
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
