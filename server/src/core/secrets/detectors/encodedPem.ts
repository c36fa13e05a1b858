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
    for (const pem of pemTextsIn(decodeLatin1(decoded.ok ? decoded.bytes : decoded.before))) {
      const found = keyOf(pem, tools);
      if (found === undefined) continue;
      yield { ...found, what: `${found.what} in base64`, start: at, end };
      return;
    }
  },
};
