import { decodeBase64 } from '../../credential/base64.ts';
import type { Detection, Detector } from '../detector.ts';
import { ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY } from '../privateKeyRules.ts';

/** The comment, and the key on the line below it. */
const KEY = /secret key[^\n]*\r?\n[ \t]*([A-Za-z0-9+/]{100,400}={0,2})/iy;
const ED25519 = [0x45, 0x64];
/** Algorithm, derivation, checksum, salt, two limits, key number, secret key and its checksum. */
const LENGTH = 158;

/** minisign's and rsign's: which derivation there is says whether a passphrase protects it. */
export const detector: Detector = {
  rules: [PRIVATE_KEY, ENCRYPTED_PRIVATE_KEY],
  keywords: ['secret key'],
  reach: 'block',
  *find({ text, at }): Generator<Detection> {
    KEY.lastIndex = at;
    const [whole, value = ''] = KEY.exec(text) ?? [];
    const decoded = whole === undefined ? undefined : decodeBase64(value);
    if (whole === undefined || decoded?.ok !== true || decoded.bytes.length !== LENGTH) return;
    const { bytes } = decoded;
    if (!ED25519.every((octet, place) => bytes[place] === octet)) return;
    const isOpen = bytes[2] === 0 && bytes[3] === 0;
    const end = at + whole.length;
    yield {
      rule: isOpen ? PRIVATE_KEY : ENCRYPTED_PRIVATE_KEY,
      what: isOpen ? 'a private key (minisign)' : 'an encrypted private key (minisign)',
      start: end - value.length,
      end,
    };
  },
};
