/** Opaque bearer tokens as we make them: a prefix that scanners know, 256 bits in base62, and a checksum against slips of the hand. */
import { encodeUtf8 } from './charset.ts';
import { toBigInt } from './octets.ts';

const PREFIX = 'idac_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 > 2^256. */
const SECRET_DIGITS = 43;
/** 62^6 > 2^32. */
const CHECK_DIGITS = 6;
const FORM = /^idac_[0-9A-Za-z]{49}$/;

/** `secret`: 32 octets that nobody can guess. */
export function opaqueToken(secret: Uint8Array): string {
  const body = PREFIX + digits(toBigInt(secret), SECRET_DIGITS);
  return body + checksum(body);
}

/** Whether a text claims to be one of ours. */
export function looksOpaque(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** Whether it has the form and the checksum: one that was mistyped or cut off is told without looking anything up. */
export function isOpaqueToken(text: string): boolean {
  return FORM.test(text) && checksum(text.slice(0, -CHECK_DIGITS)) === text.slice(-CHECK_DIGITS);
}

function checksum(body: string): string {
  return digits(BigInt(crc32(encodeUtf8(body))), CHECK_DIGITS);
}

function digits(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = ALPHABET.charAt(Number(rest % 62n)) + text;
  return text;
}

/** CRC-32 of ISO 3309, as ZIP and PNG have it. */
function crc32(octets: Uint8Array): number {
  let crc = 0xffffffff;
  for (const octet of octets) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : 0xedb88320);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
