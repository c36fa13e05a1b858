import type { Detection, Detector } from '../detector.ts';
import { CREDENTIAL_FILE } from '../loginRules.ts';

const KEY =
  /(?:auth|secure_auth|logged_in|nonce)_(?:key|salt)(["'])[ \t]*,[ \t]*(["'])([^\n]{40,128}?)\2[ \t]*\)/iy;

/** With them whoever reads the file makes cookies of any user; the line that a new installation has says so in words. */
export const detector: Detector = {
  rules: [CREDENTIAL_FILE],
  keywords: [
    "'auth_key",
    "'auth_salt",
    "'secure_auth_",
    "'logged_in_",
    "'nonce_",
    '"auth_key',
    '"auth_salt',
    '"secure_auth_',
    '"logged_in_',
    '"nonce_',
  ],
  reach: 'line',
  *find({ text, at }): Generator<Detection> {
    if (!/define\(\s*$/i.test(text.slice(Math.max(0, at - 20), at))) return;
    KEY.lastIndex = at + 1;
    const [whole, , , value = ''] = KEY.exec(text) ?? [];
    if (whole === undefined || /unique phrase/i.test(value) || new Set(value).size < 20) return;
    const start = at + 1 + whole.lastIndexOf(value);
    yield {
      rule: CREDENTIAL_FILE,
      what: 'a key that signs the cookies of WordPress',
      start,
      end: start + value.length,
    };
  },
};
