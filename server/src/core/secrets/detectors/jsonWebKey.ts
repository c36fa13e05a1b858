import { decodeJwk } from '../../credential/jwk.ts';
import type { Detection, Detector } from '../detector.ts';
import { objectAround } from '../jsonAround.ts';
import { PRIVATE_KEY } from '../privateKeyRules.ts';

/** A private member is as long as the key, which no placeholder is. */
const SHORTEST = 20;

export const detector: Detector = {
  rules: [PRIVATE_KEY],
  keywords: ['"kty"', '\\"kty\\"'],
  reach: 'block',
  *find({ text, at }): Generator<Detection> {
    const found = objectAround(text, at);
    if (found === undefined) return;
    const { value, start, end } = found;
    const key = decodeJwk(value);
    const secret = value[key.symmetric ? 'k' : 'd'];
    if (!key.private || typeof secret !== 'string' || !/^[\w-]+=*$/.test(secret)) return;
    if (secret.length < SHORTEST || (!key.symmetric && key.publicKey === undefined)) return;
    yield {
      rule: PRIVATE_KEY,
      what: key.symmetric ? 'a shared secret (JSON Web Key)' : 'a private key (JSON Web Key)',
      start,
      end,
      ...(key.publicKey === undefined ? {} : { spki: key.publicKey.spki }),
    };
  },
};
