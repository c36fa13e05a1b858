import { decodeJwk } from '../../credential/jwk.ts';
import { objectAround } from '../../secrets/jsonAround.ts';
import type { KeyFinder } from '../keyFinder.ts';
import { keyOfCertificate } from '../keysOfDer.ts';
import { publicKeyId } from '../publicText.ts';

/** The public keys of a JWKS; the private ones are secrets. */
export const jsonWebKey: KeyFinder = {
  keywords: ['"kty"', '\\"kty\\"'],
  reach: 'block',
  *find({ text, at, tools }) {
    const found = objectAround(text, at);
    if (found === undefined) return;
    const { value, start, end } = found;
    const { keyId, publicKey, certificates, private: isPrivate } = decodeJwk(value);
    if (publicKey === undefined || isPrivate) return;
    const subject = keyId === undefined ? undefined : publicKeyId(keyId);
    yield {
      form: 'jwk',
      what: 'a JSON Web Key',
      algorithm: publicKey.algorithm,
      spki: publicKey.spki,
      start,
      end,
      ...(subject === undefined ? {} : { subject }),
    };
    for (const der of certificates) {
      const key = keyOfCertificate(der, tools.hasher);
      if (key !== undefined) yield { ...key, what: 'a certificate of a JSON Web Key', start, end };
    }
  },
};
