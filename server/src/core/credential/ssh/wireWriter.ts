/** Data of RFC 4251, 5, written. */
import { encodeUtf8 } from '../charset.ts';
import { concat, fromBigInt, withoutLeadingZeros } from '../octets.ts';

export function uint32(value: number): Uint8Array {
  return Uint8Array.of((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

/** `value` from 0 to 2^64 - 1. */
export function uint64(value: bigint): Uint8Array {
  return fromBigInt(value, 8);
}

/** Its length, then its parts one after the other. */
export function sshString(...parts: readonly Uint8Array[]): Uint8Array {
  return concat(uint32(parts.reduce((length, part) => length + part.length, 0)), ...parts);
}

export function sshText(text: string): Uint8Array {
  return sshString(encodeUtf8(text));
}

/** `magnitude`: big-endian, unsigned. Zero has no octets, and a set top bit gets a zero octet before it. */
export function mpint(magnitude: Uint8Array): Uint8Array {
  const octets = withoutLeadingZeros(magnitude);
  const first = octets[0] ?? 0;
  if (octets.length === 0 || (octets.length === 1 && first === 0)) return sshString();
  return first >= 0x80 ? sshString(Uint8Array.of(0), octets) : sshString(octets);
}
