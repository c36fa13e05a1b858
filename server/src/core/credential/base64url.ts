import { decodeBase64, encodeBase64 } from './base64.ts';

/** RFC 4648, 5 without padding, as RFC 7515, 2 wants it. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * Strict: no padding, no white space, no other alphabet, and no bits left over, so that one octet string has one text
 * (RFC 4648, 3.5). Undefined for anything else.
 */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const decoded = decodeBase64(text);
  return decoded.ok && encodeBase64Url(decoded.bytes) === text ? decoded.bytes : undefined;
}
