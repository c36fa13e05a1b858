import type { Detection, Detector } from '../detector.ts';
import { PRIVATE_KEY } from '../privateKeyRules.ts';

const HEAD = '-----BEGIN OpenVPN ';
const KEY =
  /-----BEGIN (OpenVPN (?:Static key V1|tls-crypt-v2 (?:client|server) key))-----([\s\S]{64,8192}?)-----END \1-----/y;
/** Of a static key: four keys of 512 bits. */
const STATIC_DIGITS = 512;

/** Shared by a server and all its clients (`tls-auth`, `tls-crypt`), also inline in a profile. */
export const detector: Detector = {
  rules: [PRIVATE_KEY],
  keywords: ['-----begin openvpn '],
  reach: 'block',
  *find({ text, at }): Generator<Detection> {
    if (!text.startsWith(HEAD, at)) return;
    KEY.lastIndex = at;
    const [whole, label = '', body = ''] = KEY.exec(text) ?? [];
    if (whole === undefined) return;
    const digits = body.replaceAll(/\\[rn]|[\s#]/g, '');
    const isKey = label.endsWith('V1')
      ? digits.length === STATIC_DIGITS && /^[0-9a-f]+$/i.test(digits) && new Set(digits).size > 8
      : /^[A-Za-z0-9+/]{64,}={0,2}$/.test(digits);
    if (isKey)
      yield { rule: PRIVATE_KEY, what: 'a key of a VPN (OpenVPN)', start: at, end: at + whole.length };
  },
};
