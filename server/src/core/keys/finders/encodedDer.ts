import { decodeBase64 } from '../../credential/base64.ts';
import { foldedBase64At } from '../../secrets/foldedBase64.ts';
import { standsAt } from '../../secrets/plainPem.ts';
import type { KeyFinder } from '../keyFinder.ts';
import { calledAs, keysOfDer } from '../keysOfDer.ts';

/** First signs of SubjectPublicKeyInfo in base64: P-256 in both forms of points, P-384, P-521, Ed25519, RSA of common sizes. */
const KEYS = [
  'MFkwEwYHKoZIzj0',
  'MDkwEwYHKoZIzj0',
  'MHYwEAYHKoZIzj0',
  'MIGbMBAGByqGSM49',
  'MCowBQYDK2V',
  'MIGfMA0GCSqGSIb3',
  'MIIBIjANBgkqhkiG9w0BAQ',
  'MIIBojANBgkqhkiG9w0BAQ',
  'MIICIjANBgkqhkiG9w0BAQ',
];
/** Certificates and requests: two sequences within each other, each with a length of two octets. */
const CERTIFICATE = 'MII';
const SECOND_SEQUENCE = Array.from('DTjz', (sign) => sign.charCodeAt(0));

function isLineEnd(octet: number | undefined): boolean {
  return octet === 0x0a || octet === 0x0d;
}

/** A certificate's or a key's DER in base64 without the lines of PEM around it, as in metadata of SAML and in settings. */
export const encodedDer: KeyFinder = {
  keywords: [...KEYS, CERTIFICATE],
  reach: 'block',
  follows: (bytes, end) => {
    // The longest of the keywords that can end here. Each certificate begins so, and few are not in PEM.
    const start = end - CERTIFICATE.length;
    if (!standsAt(bytes, start, CERTIFICATE)) return true;
    if (!standsAt(bytes, end + 3, 'CC') || !SECOND_SEQUENCE.includes(bytes[end + 2] ?? 0)) return false;
    return !isLineEnd(bytes[end]) && !isLineEnd(bytes[end + 1]);
  },
  find({ text, at, tools }) {
    if (/[A-Za-z0-9+/_-]/.test(text[at - 1] ?? '')) return undefined;
    const isKey = KEYS.some((each) => text.startsWith(each, at));
    if (!isKey && !text.startsWith(CERTIFICATE, at)) return undefined;
    const { value, end } = foldedBase64At(text, at);
    const decoded = decodeBase64(value);
    if (!decoded.ok) return undefined;
    const keys = keysOfDer(decoded.bytes, tools.hasher);
    return { start: at, end, keys: keys.map((key) => calledAs(`${key.said.what} in base64`, key)) };
  },
};
