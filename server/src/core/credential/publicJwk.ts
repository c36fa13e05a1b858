/** Public keys as JSON Web Keys (RFC 7517, RFC 7518, 6, RFC 8037, 2) and their names (RFC 7638). */

import type { Hasher } from '../ports.ts';
import { canonicalJson } from '../text/canonicalJson.ts';
import { encodeBase64Url } from './base64url.ts';
import { encodeUtf8 } from './charset.ts';
import { bitString, objectIdentifier, readDer, readInside, sequence, TAG } from './der.ts';
import { coordinateSize } from './ecPoint.ts';
import { OID } from './oid.ts';
import { attempt } from './problem.ts';
import { normalizeSpki, rsaNumbers } from './spki.ts';

/** Exactly the members that RFC 7638, 3.2 and RFC 8037, 2 count. */
export type PublicJwk =
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly crv: string; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: string; readonly x: string };

const EC_CURVES: ReadonlyMap<string, string> = new Map([
  [OID.p256, 'P-256'],
  [OID.p384, 'P-384'],
  [OID.p521, 'P-521'],
]);

/** `spki`: DER SubjectPublicKeyInfo. Undefined for keys of a kind that we make no JWK of. */
export function publicJwk(spki: Uint8Array): PublicJwk | undefined {
  const normal = normalizeSpki(spki);
  return normal === undefined ? undefined : attempt([], 'the public key', () => read(normal));
}

/** Base64url SHA-256 over the required members in their one order (RFC 7638, 3): the `kid` that we give. */
export function jwkThumbprint(jwk: PublicJwk, hasher: Hasher): string {
  return encodeBase64Url(hasher.hash('sha256', encodeUtf8(canonicalJson(jwk))));
}

/** `{"keys": […]}` (RFC 7517, 5), one line for each key, so that a change shows as one. */
export function jwksText(keys: readonly object[], more: object = {}): string {
  const lines = keys.map((key) => `    ${JSON.stringify(key)}`).join(',\n');
  const rest = Object.entries(more).map(([name, value]) => `,\n  "${name}": ${JSON.stringify(value)}`);
  return `{\n  "keys": [${lines === '' ? '' : `\n${lines}\n  `}]${rest.join('')}\n}\n`;
}

function read(spki: Uint8Array): PublicJwk | undefined {
  const fields = sequence(readDer(spki), 'the public key');
  const algorithm = sequence(fields.take(TAG.sequence, 'the algorithm'), 'the algorithm');
  const oid = objectIdentifier(algorithm.any('the algorithm'), 'the algorithm');
  const node = fields.take(TAG.bitString, 'the key');
  const key = bitString(node, 'the key');
  switch (oid) {
    case OID.rsaEncryption: {
      const { modulus, exponent } = rsaNumbers(readInside(node, 1));
      return { kty: 'RSA', n: encodeBase64Url(modulus), e: encodeBase64Url(exponent) };
    }
    case OID.ecPublicKey: {
      const curve = objectIdentifier(algorithm.take(TAG.oid, 'the curve'), 'the curve');
      const [crv, size] = [EC_CURVES.get(curve), coordinateSize(curve)];
      if (crv === undefined || size === undefined) return undefined;
      const [x, y] = [key.subarray(1, 1 + size), key.subarray(1 + size)];
      return { kty: 'EC', crv, x: encodeBase64Url(x), y: encodeBase64Url(y) };
    }
    case OID.ed25519:
      return { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(key) };
    default:
      return undefined;
  }
}
