import { decodeBase64 } from '../../credential/base64.ts';
import { decodeLatin1 } from '../../credential/charset.ts';
import { foldedBase64At } from '../../secrets/foldedBase64.ts';
import { pemTextsIn } from '../../secrets/pemText.ts';
import type { KeyFinder } from '../keyFinder.ts';
import type { ReadKey } from '../keySighting.ts';
import { calledAs, keysOfDer } from '../keysOfDer.ts';

/** A PEM file in base64, as in Kubernetes' secrets and kubeconfigs: each certificate of a chain. */
export const encodedPem: KeyFinder = {
  // `-----BEGIN ` without its last octet, which is written together with what follows.
  keywords: ['ls0tls1crudjti'],
  reach: 'bundle',
  find({ text, at, tools }) {
    // In the middle of a longer value it is chance, or a part of what was looked into.
    if (!text.startsWith('LS0tLS1CRUdJTi', at) || /[A-Za-z0-9+/]/.test(text[at - 1] ?? '')) return undefined;
    const { value, end } = foldedBase64At(text, at);
    const decoded = decodeBase64(value);
    const keys: ReadKey[] = [];
    for (const { bytes } of pemTextsIn(decodeLatin1(decoded.ok ? decoded.bytes : decoded.before)))
      for (const key of keysOfDer(bytes, tools.hasher))
        keys.push(calledAs(`${key.said.what} in base64`, key));
    return { start: at, end, keys };
  },
};
