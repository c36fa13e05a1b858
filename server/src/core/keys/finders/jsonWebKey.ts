import { decodeJwk } from '../../credential/jwk.ts';
import { objectAround } from '../../secrets/jsonAround.ts';
import type { KeyFinder } from '../keyFinder.ts';
import type { ReadKey } from '../keySighting.ts';
import { calledAs, keyOfCertificate } from '../keysOfDer.ts';
import { publicKeyId } from '../publicText.ts';

/** The public keys of a JWKS; the private ones are secrets. */
export const jsonWebKey: KeyFinder = {
  keywords: ['"kty"', '\\"kty\\"'],
  reach: 'block',
  find({ text, at, tools }) {
    const found = objectAround(text, at);
    if (found === undefined) return undefined;
    const { value, start, end } = found;
    const { keyId, publicKey, certificates, private: isPrivate } = decodeJwk(value);
    if (publicKey === undefined || isPrivate) return undefined;
    const subject = keyId === undefined ? undefined : publicKeyId(keyId);
    const { algorithm, spki } = publicKey;
    const said = { form: 'jwk', what: 'a JSON Web Key', algorithm } as const;
    const keys: ReadKey[] = [{ said: subject === undefined ? said : { ...said, subject }, spki }];
    for (const der of certificates) {
      const key = keyOfCertificate(der, tools.hasher);
      if (key !== undefined) keys.push(calledAs('a certificate of a JSON Web Key', key));
    }
    return { start, end, keys };
  },
};
