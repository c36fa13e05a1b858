import { decodeBase64 } from '../credential/base64.ts';
import { decodeLatin1 } from '../credential/charset.ts';
import { isSecretValue } from './secretValue.ts';

const PRINTABLE = /^[\x20-\x7e]+$/;

/** What base64 says, where it is readable text. */
export function textOfBase64(value: string): string | undefined {
  const decoded = decodeBase64(value);
  if (!decoded.ok || decoded.bytes.length === 0) return undefined;
  return decodeLatin1(decoded.bytes);
}

/** `user:password` in base64, as headers, Docker and npm have it. */
export function isLogin(value: string, path: string): boolean {
  const text = textOfBase64(value);
  if (text === undefined || !PRINTABLE.test(text)) return false;
  const colon = text.indexOf(':');
  const password = text.slice(colon + 1);
  return colon > 0 && password !== text.slice(0, colon) && isSecretValue(password, path);
}
