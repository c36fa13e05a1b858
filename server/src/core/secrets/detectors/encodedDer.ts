import { decodeBase64 } from '../../credential/base64.ts';
import type { Detection, Detector } from '../detector.ts';
import { privateKeyIn } from '../privateKeyBytes.ts';
import { ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY } from '../privateKeyRules.ts';

/** First signs of DER in base64: RSA in PKCS#8 and PKCS#1, curves in SEC1 and PKCS#8, Ed25519; an encrypted key begins as the first does. */
const BEGINNINGS = [
  'MIICd',
  'MIICe',
  'MIICX',
  'MIIE',
  'MIIF',
  'MIIG',
  'MIIJ',
  'MIH',
  'MIGH',
  'MIGT',
  'MIGk',
  'MHcCAQEE',
  'MHQCAQEE',
  'MEECAQAw',
  'MC4CAQAw',
];
const VALUE = /[A-Za-z0-9+/_-]{60,24000}={0,2}(?![A-Za-z0-9+/=])/y;

/** A key's DER in base64 without the lines of PEM around it, as in settings and in what is given to a library. */
export const detector: Detector = {
  rules: [PRIVATE_KEY, ENCRYPTED_PRIVATE_KEY],
  keywords: BEGINNINGS,
  reach: 'block',
  *find({ text, at, tools }): Generator<Detection> {
    // In the middle of a longer value it is chance; a line of PEM has its own detector.
    if (/[A-Za-z0-9+/_-]/.test(text[at - 1] ?? '') || !BEGINNINGS.some((each) => text.startsWith(each, at)))
      return;
    VALUE.lastIndex = at;
    const [value] = VALUE.exec(text) ?? [];
    const decoded = value === undefined ? undefined : decodeBase64(value);
    if (value === undefined || decoded?.ok !== true) return;
    const found = privateKeyIn(decoded.bytes, tools);
    if (found !== undefined)
      yield { ...found, what: `${found.what} in base64`, start: at, end: at + value.length };
  },
};
