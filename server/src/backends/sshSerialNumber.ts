import { toBigInt, toHex } from '../core/credential/octets.ts';
import type { RandomSource } from '../core/ports.ts';
import { normalSerialNumber, serialText } from './serialNumber.ts';

/**
 * 62 random bits below a fixed one: never 0, which no revocation list can name, and positive wherever 64 bits carry a
 * sign.
 */
export function newSshSerialNumber(random: RandomSource): { readonly value: bigint; readonly text: string } {
  const octets = new Uint8Array(random.bytes(8));
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40;
  return { value: toBigInt(octets), text: serialText(octets) };
}

/** Of a plain key: hex SHA-256 of its wire format, with all its digits. */
export function isKeySerialNumber(serialNumber: string): boolean {
  return /^[0-9a-f]{64}$/.test(serialNumber);
}

export function keySerialNumber(hash: Uint8Array): string {
  return toHex(hash);
}

/** Our one spelling of either; undefined for what is no serial number. */
export function normalSshSerialNumber(text: string): string | undefined {
  const digits = text.replace(/[:\s]/g, '').toLowerCase();
  return isKeySerialNumber(digits) ? digits : normalSerialNumber(digits);
}
