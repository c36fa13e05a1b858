import { toHex } from '../core/credential/octets.ts';
import type { RandomSource } from '../core/ports.ts';

/**
 * 20 octets with 158 random bits: the most that RFC 5280, 4.1.2.2 allows (positive, at most 20 octets); the Baseline
 * Requirements, 7.1 want at least 64 bits.
 */
export function newSerialNumber(random: RandomSource): Uint8Array {
  const octets = new Uint8Array(random.bytes(20));
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40;
  return octets;
}

/** Our one spelling: lower-case hex, no separators, no leading zero octet. Undefined for what is no serial number. */
export function normalSerialNumber(text: string): string | undefined {
  const digits = text.replace(/[:\s]/g, '').toLowerCase();
  if (!/^[0-9a-f]{1,64}$/.test(digits)) return undefined;
  const significant = digits.replace(/^0+/, '');
  if (significant === '') return '00';
  return significant.length % 2 === 0 ? significant : `0${significant}`;
}

export function serialText(octets: Uint8Array): string {
  return normalSerialNumber(toHex(octets)) ?? '';
}
