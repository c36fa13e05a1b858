import { decodeBase64 } from '../../credential/base64.ts';
import { decodeLatin1 } from '../../credential/charset.ts';
import type { Detection, Detector, ScanTools } from '../detector.ts';
import { objectAround } from '../jsonAround.ts';
import { pemTextAt } from '../pemText.ts';
import { ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY } from '../privateKeyRules.ts';
import { keyOf } from './pemPrivateKey.ts';

const DASHES = '-----BEGIN ';
/** `{"type": "service_account"` in base64, with the blanks that programs put in; and without. */
const ENCODED = [
  'eyj0exblijoginnlcnzpy2vfywnjb3vudci',
  'ewogicj0exblijoginnlcnzpy2vfywnjb3vudci',
  'ewogicagicj0exblijoginnlcnzpy2vfywnjb3vudci',
  'eyj0exblijoic2vydmljzv9hy2nvdw50i',
];
const BASE64 = /[A-Za-z0-9+/]+={0,2}/y;

/** Google's keys of service accounts: the key is one of PKCS#8; whose it is stands beside it. */
export const detector: Detector = {
  rules: [PRIVATE_KEY, ENCRYPTED_PRIVATE_KEY],
  keywords: ['"service_account"', '\\"service_account\\"', ...ENCODED],
  reach: 'block',
  *find({ text, at, tools }): Generator<Detection> {
    if (/["\\]/.test(text[at] ?? '')) {
      const object = objectAround(text, at);
      const found = object && keyOfAccount(object.value, tools);
      const dashes = object === undefined ? -1 : text.indexOf(DASHES, object.start);
      const pem = dashes === -1 ? undefined : pemTextAt(text, dashes);
      if (found !== undefined && pem !== undefined) yield { ...found, start: pem.start, end: pem.end };
      return;
    }
    BASE64.lastIndex = at;
    const [value = ''] = BASE64.exec(text) ?? [];
    const decoded = decodeBase64(value);
    if (!decoded.ok) return;
    const object = objectAround(decodeLatin1(decoded.bytes), 1);
    const found = object && keyOfAccount(object.value, tools);
    if (found !== undefined)
      yield { ...found, what: `${found.what} in base64`, start: at, end: at + value.length };
  },
};

function keyOfAccount(account: Readonly<Record<string, unknown>>, tools: ScanTools) {
  const { private_key: key, client_email: email } = account;
  if (typeof key !== 'string') return undefined;
  const pem = pemTextAt(key, Math.max(0, key.indexOf(DASHES)));
  const found = pem && keyOf(pem, tools);
  if (found === undefined) return undefined;
  const owner =
    typeof email === 'string' && /^[\w.@-]{1,120}$/.test(email)
      ? ` of the service account ${email}`
      : ' of a service account';
  return { ...found, what: `${found.what}${owner}` };
}
