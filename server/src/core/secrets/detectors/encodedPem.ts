import { decodeBase64 } from '../../credential/base64.ts';
import { decodeLatin1 } from '../../credential/charset.ts';
import type { Detection, Detector } from '../detector.ts';
import { pemTextAt } from '../pemText.ts';
import { ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY } from '../privateKeyRules.ts';
import { keyOf } from './pemPrivateKey.ts';

const BASE64 = /[A-Za-z0-9+/_-]+={0,2}/y;
/** Lines of one value, as `base64` and YAML fold them. */
const FOLDED = /(?:\\n|\r?\n[ \t]*)(?=[A-Za-z0-9+/]{4})/y;
const DASHES = '-----BEGIN ';

/** A PEM file in base64, as in Kubernetes' secrets and kubeconfigs, in Helm values and in variables of a pipeline. */
export const detector: Detector = {
  rules: [PRIVATE_KEY, ENCRYPTED_PRIVATE_KEY],
  // `-----BEGIN ` without its last octet, which is written together with what follows.
  keywords: ['ls0tls1crudjti'],
  reach: 'block',
  *find({ text, at, tools }): Generator<Detection> {
    if (!text.startsWith('LS0tLS1CRUdJTi', at)) return;
    const { value, end } = folded(text, at);
    const decoded = decodeBase64(value);
    const inner = decodeLatin1(decoded.ok ? decoded.bytes : decoded.before);
    for (let from = inner.indexOf(DASHES); from !== -1; from = inner.indexOf(DASHES, from + 1)) {
      const pem = pemTextAt(inner, from);
      const found = pem && keyOf(pem, tools);
      if (found === undefined) continue;
      yield { ...found, what: `${found.what} in base64`, start: at, end };
      return;
    }
  },
};

function folded(text: string, start: number): { readonly value: string; readonly end: number } {
  let value = '';
  let end = start;
  for (;;) {
    BASE64.lastIndex = end;
    const part = BASE64.exec(text)?.[0] ?? '';
    value += part;
    end += part.length;
    FOLDED.lastIndex = end;
    const fold = part.endsWith('=') ? undefined : FOLDED.exec(text)?.[0];
    if (fold === undefined || part === '') return { value, end };
    end += fold.length;
  }
}
