import { decodeBase64 } from '../../credential/base64.ts';
import { foldedBase64At } from '../../secrets/foldedBase64.ts';
import type { KeyFinder } from '../keyFinder.ts';
import { keysOfDer } from '../keysOfDer.ts';

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
const SECOND_SEQUENCE = /^MII..[DTjz]CC/;

/** A certificate's or a key's DER in base64 without the lines of PEM around it, as in metadata of SAML and in settings. */
export const encodedDer: KeyFinder = {
  keywords: [...KEYS, CERTIFICATE],
  reach: 'block',
  follows: (bytes, end) => {
    // The longest of the keywords that can end here.
    const text = String.fromCharCode(...bytes.subarray(end - CERTIFICATE.length, end + 5));
    return !text.startsWith(CERTIFICATE) || SECOND_SEQUENCE.test(text);
  },
  *find({ text, at, tools }) {
    if (/[A-Za-z0-9+/_-]/.test(text[at - 1] ?? '')) return;
    const isKey = KEYS.some((each) => text.startsWith(each, at));
    if (!isKey && !text.startsWith(CERTIFICATE, at)) return;
    const { value, end } = foldedBase64At(text, at);
    const decoded = decodeBase64(value);
    if (!decoded.ok) return;
    for (const key of keysOfDer(decoded.bytes, tools.hasher))
      yield { ...key, what: `${key.what} in base64`, start: at, end };
  },
};
