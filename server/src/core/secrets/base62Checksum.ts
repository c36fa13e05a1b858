import { base62Checksum, CHECK_DIGITS } from '../credential/base62.ts';
import { encodeUtf8 } from '../credential/charset.ts';

/** As tokens of GitHub and npm end: the prefix up to `_` is left out of what is summed. */
export function hasBase62Checksum(token: string): boolean {
  const random = token.slice(token.indexOf('_') + 1, -CHECK_DIGITS);
  return token.endsWith(base62Checksum(encodeUtf8(random)));
}
