/** Which JWS algorithms a key may have made (RFC 7518, 3; RFC 8037, 3.1; RFC 9864). HMAC is not among them: its key is no public key. */
import { context, TAG } from '../der.ts';
import { element, oidElement, unsignedInteger } from '../derWriter.ts';
import { type ClassicalKeyAlgorithm, isPostQuantum, type KeyAlgorithm } from '../keyAlgorithm.ts';
import { OID } from '../oid.ts';
import type { PublicKeyFacts } from '../spki.ts';

export type JwsAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519';

const SIGNING: Readonly<Record<ClassicalKeyAlgorithm, JwsAlgorithm>> = {
  'ECDSA-P256': 'ES256',
  'ECDSA-P384': 'ES384',
  'ECDSA-P521': 'ES512',
  Ed25519: 'EdDSA',
  'RSA-2048': 'RS256',
  'RSA-3072': 'RS256',
  'RSA-4096': 'RS256',
};

/** RFC 7518, 3.3: RSA keys of at least 2048 bits. */
const SHORTEST_RSA = 2048;
const RSA: readonly JwsAlgorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];

/** The one algorithm that we sign with, where JOSE has one that is taken here; its hash is the one that the `Signer` port uses for that key. */
export function signingAlgorithm(algorithm: KeyAlgorithm): JwsAlgorithm | undefined {
  return isPostQuantum(algorithm) ? undefined : SIGNING[algorithm];
}

/** All algorithms that a signature by this key can have. Empty: the key signs no JWS that is checked here. */
export function algorithmsOf({ algorithm, bits }: PublicKeyFacts): readonly JwsAlgorithm[] {
  switch (algorithm) {
    case 'ECDSA-P256':
      return ['ES256'];
    case 'ECDSA-P384':
      return ['ES384'];
    case 'ECDSA-P521':
      return ['ES512'];
    case 'Ed25519':
      return ['EdDSA', 'Ed25519'];
    default:
      return algorithm.startsWith('RSA-') && (bits ?? 0) >= SHORTEST_RSA ? RSA : [];
  }
}

const ECDSA_WITH: Readonly<Record<string, string>> = {
  ES256: '1.2.840.10045.4.3.2',
  ES384: '1.2.840.10045.4.3.3',
  ES512: '1.2.840.10045.4.3.4',
};
const RSA_WITH: Readonly<Record<string, string>> = {
  RS256: '1.2.840.113549.1.1.11',
  RS384: '1.2.840.113549.1.1.12',
  RS512: '1.2.840.113549.1.1.13',
};
const PSS_HASHES: Readonly<Record<string, { readonly oid: string; readonly octets: number }>> = {
  PS256: { oid: '2.16.840.1.101.3.4.2.1', octets: 32 },
  PS384: { oid: '2.16.840.1.101.3.4.2.2', octets: 48 },
  PS512: { oid: '2.16.840.1.101.3.4.2.3', octets: 64 },
};
const MGF1 = '1.2.840.113549.1.1.8';

/** DER AlgorithmIdentifier, as the `SignatureVerifier` port takes it. */
export function algorithmIdentifier(algorithm: JwsAlgorithm): Uint8Array {
  const ecdsa = ECDSA_WITH[algorithm];
  if (ecdsa !== undefined) return element(TAG.sequence, oidElement(ecdsa));
  const rsa = RSA_WITH[algorithm];
  if (rsa !== undefined) return element(TAG.sequence, oidElement(rsa), element(TAG.null));
  const pss = PSS_HASHES[algorithm];
  return pss === undefined ? element(TAG.sequence, oidElement(OID.ed25519)) : pssIdentifier(pss);
}

/** RFC 7518, 3.5: MGF1 with the same hash, and a salt as long as its output. */
function pssIdentifier(hash: { readonly oid: string; readonly octets: number }): Uint8Array {
  const hashIdentifier = element(TAG.sequence, oidElement(hash.oid), element(TAG.null));
  return element(
    TAG.sequence,
    oidElement(OID.rsaPss),
    element(
      TAG.sequence,
      element(context(0), hashIdentifier),
      element(context(1), element(TAG.sequence, oidElement(MGF1), hashIdentifier)),
      element(context(2), unsignedInteger(Uint8Array.of(hash.octets))),
    ),
  );
}

/** Octets of one half of an ECDSA signature in a JWS (RFC 7518, 3.4); undefined for other algorithms. */
export function ecdsaHalf(algorithm: JwsAlgorithm): number | undefined {
  return ECDSA_HALVES[algorithm];
}

const ECDSA_HALVES: Readonly<Record<string, number>> = { ES256: 32, ES384: 48, ES512: 66 };
