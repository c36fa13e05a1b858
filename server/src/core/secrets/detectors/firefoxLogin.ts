import { decodeBase64 } from '../../credential/base64.ts';
import { content, elements, readDer } from '../../credential/der.ts';
import { attempt } from '../../credential/problem.ts';
import type { Detection, Detector } from '../detector.ts';
import { CREDENTIAL_FILE } from '../loginRules.ts';

const ENTRY = /encrypted(?:Username|Password)"\s{0,8}:\s{0,8}"([A-Za-z0-9+/]{40,4000}={0,2})"/iy;

/** Of a profile of Firefox or Thunderbird: the key lies beside it, and has a password hardly ever. */
export const detector: Detector = {
  rules: [CREDENTIAL_FILE],
  keywords: ['encryptedusername"', 'encryptedpassword"'],
  reach: 'near',
  *find({ text, at }): Generator<Detection> {
    ENTRY.lastIndex = at;
    const [whole, value = ''] = ENTRY.exec(text) ?? [];
    if (whole === undefined || !isNssEnvelope(value)) return;
    const end = at + whole.length - 1;
    yield { rule: CREDENTIAL_FILE, what: 'a login that a browser keeps', start: end - value.length, end };
  },
};

/** Which key, which cipher, and what it enciphered: an octet string of 16, a sequence, an octet string. */
function isNssEnvelope(value: string): boolean {
  const decoded = decodeBase64(value);
  if (!decoded.ok) return false;
  const tags = attempt([], 'the envelope', () => {
    const parts = [...elements(readDer(decoded.bytes))];
    return parts.length === 3 && content(parts[0] ?? readDer(decoded.bytes)).length === 16;
  });
  return tags === true;
}
