import { decodeBase64 } from '../../credential/base64.ts';
import { decodeLatin1 } from '../../credential/charset.ts';
import type { Detection, Detector } from '../detector.ts';
import { foldedBase64At } from '../foldedBase64.ts';
import { pemTextsIn } from '../pemText.ts';
import { ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY } from '../privateKeyRules.ts';
import { keyOf } from './pemPrivateKey.ts';

/** A PEM file in base64, as in Kubernetes' secrets and kubeconfigs, in Helm values and in variables of a pipeline. */
export const detector: Detector = {
  rules: [PRIVATE_KEY, ENCRYPTED_PRIVATE_KEY],
  // `-----BEGIN ` without its last octet, which is written together with what follows.
  keywords: ['ls0tls1crudjti'],
  reach: 'block',
  *find({ text, at, tools }): Generator<Detection> {
    // In the middle of a longer value it is chance, or a part of what was looked into.
    if (!text.startsWith('LS0tLS1CRUdJTi', at) || /[A-Za-z0-9+/]/.test(text[at - 1] ?? '')) return;
    const { value, end } = foldedBase64At(text, at);
    const decoded = decodeBase64(value);
    const octets = decodeLatin1(decoded.ok ? decoded.bytes : decoded.before);
    const keys = [...pemTextsIn(octets)].flatMap((pem) => {
      const found = keyOf(pem, tools);
      return found === undefined ? [] : [{ found: { ...found, what: `${found.what} in base64` }, pem }];
    });
    // Of several each has the signs that write it.
    const [first, ...others] = keys;
    if (first !== undefined && others.length === 0) yield { ...first.found, start: at, end };
    if (others.length === 0) return;
    const places = placesOf(text, at);
    let from = 0;
    for (const { found, pem } of keys) {
      const sign = Math.max(from, Math.floor((pem.start * 4) / 3));
      from = Math.ceil((pem.end * 4) / 3);
      yield { ...found, start: places(sign), end: places(from - 1) + 1 };
    }
  },
};

/** Where the signs of a value stand that may be folded; they are asked for in their order. */
function placesOf(text: string, start: number): (sign: number) => number {
  let at = start;
  let passed = 0;
  const skipFold = (): void => {
    while (/[\\\s]/.test(text[at] ?? '')) at += text[at] === '\\' ? 2 : 1;
  };
  return (sign) => {
    for (; passed < sign; passed += 1) {
      skipFold();
      at += 1;
    }
    skipFold();
    return at;
  };
}
