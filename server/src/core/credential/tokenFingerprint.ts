import type { Hasher } from '../ports.ts';
import { encodeUtf8 } from './charset.ts';
import { toHex } from './octets.ts';

const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/**
 * Hex SHA-256 that tells one bearer token from another without holding it. Of a JWT (RFC 7519) its signature does not
 * count: it may differ when the issuer shows the same token again. Tokens are random enough that nobody finds one from this.
 */
export function tokenFingerprint(token: string, hasher: Hasher): string {
  const text = token.trim();
  const counted = JWT.test(text) ? text.slice(0, text.lastIndexOf('.')) : text;
  return toHex(hasher.hash('sha256', encodeUtf8(counted)));
}
