/** Opaque bearer tokens as we make them: a prefix that scanners know, 256 bits in base62, and a checksum against slips of the hand. */
import { base62, base62Checksum, CHECK_DIGITS } from './base62.ts';
import { encodeUtf8 } from './charset.ts';
import { toBigInt } from './octets.ts';

const PREFIX = 'idac_';
/** 62^43 > 2^256. */
const SECRET_DIGITS = 43;
const FORM = /^idac_[0-9A-Za-z]{49}$/;

/** `secret`: 32 octets that nobody can guess. */
export function opaqueToken(secret: Uint8Array): string {
  const body = PREFIX + base62(toBigInt(secret), SECRET_DIGITS);
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
  return base62Checksum(encodeUtf8(body));
}
