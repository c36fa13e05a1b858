import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  type SignKeyObjectInput,
  sign,
} from 'node:crypto';
import { promisify } from 'node:util';
import { signatureAlgorithmOf } from '../../core/credential/build/signatureAlgorithm.ts';
import {
  type ClassicalKeyAlgorithm,
  isPostQuantum,
  type KeyAlgorithm,
} from '../../core/credential/keyAlgorithm.ts';
import { decodePrivateKey } from '../../core/credential/privateKey.ts';
import { sec1Of } from '../../core/credential/sec1.ts';
import type { Signer } from '../../core/ports.ts';
import { Secret } from '../../core/secret.ts';
import { generatePostQuantumKey, postQuantumSignature, postQuantumSpki } from './postQuantumKeys.ts';

const generate = promisify(generateKeyPair);

export interface SoftwareKey {
  /** DER PrivateKeyInfo (RFC 5208), not encrypted. */
  readonly pkcs8: Secret<Uint8Array>;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
}

/** Makes a key pair in memory, off the main thread: RSA-4096 takes seconds. */
export async function generateSoftwareKey(algorithm: KeyAlgorithm): Promise<SoftwareKey> {
  if (isPostQuantum(algorithm)) return generatePostQuantumKey(algorithm);
  const pair = await generatePair(algorithm);
  return {
    pkcs8: new Secret(new Uint8Array(pair.privateKey.export({ format: 'der', type: 'pkcs8' }))),
    spki: spkiOf(pair.publicKey),
  };
}

function generatePair(
  algorithm: ClassicalKeyAlgorithm,
): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  switch (algorithm) {
    case 'ECDSA-P256':
      return generate('ec', { namedCurve: 'P-256' });
    case 'ECDSA-P384':
      return generate('ec', { namedCurve: 'P-384' });
    case 'ECDSA-P521':
      return generate('ec', { namedCurve: 'P-521' });
    case 'Ed25519':
      return generate('ed25519', undefined);
    case 'RSA-2048':
      return generate('rsa', { modulusLength: 2048, publicExponent: 65537 });
    case 'RSA-3072':
      return generate('rsa', { modulusLength: 3072, publicExponent: 65537 });
    case 'RSA-4096':
      return generate('rsa', { modulusLength: 4096, publicExponent: 65537 });
    default:
      return algorithm satisfies never;
  }
}

/** Throws when `pkcs8` is no private key; what it throws does not hold the key. */
export function softwareSigner(pkcs8: Secret<Uint8Array>, algorithm: KeyAlgorithm): Signer {
  if (isPostQuantum(algorithm)) return postQuantumSigner(pkcs8, algorithm);
  const key = privateKeyOf(pkcs8);
  const { hash } = signatureAlgorithmOf(algorithm);
  const input: SignKeyObjectInput = { key, dsaEncoding: 'der' };
  return {
    algorithm,
    // Read from the key, where it holds its public half: OpenSSL takes ten times as long to tell it.
    spki: decodePrivateKey(pkcs8.reveal()).value?.spki ?? spkiOf(createPublicKey(key)),
    sign: async (data, signal) => {
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        sign(hash, data, input, (error, signature) =>
          error ? reject(error) : resolve(new Uint8Array(signature)),
        );
      });
    },
  };
}

function postQuantumSigner(pkcs8: Secret<Uint8Array>, algorithm: KeyAlgorithm): Signer {
  return {
    algorithm,
    spki: publicKeyOf(pkcs8),
    sign: async (data, signal) => {
      signal.throwIfAborted();
      return postQuantumSignature(pkcs8, data);
    },
  };
}

/** DER SubjectPublicKeyInfo of a private key. Throws when `pkcs8` is none. */
export function publicKeyOf(pkcs8: Secret<Uint8Array>): Uint8Array {
  return postQuantumSpki(pkcs8.reveal()) ?? spkiOf(createPublicKey(privateKeyOf(pkcs8)));
}

function privateKeyOf(pkcs8: Secret<Uint8Array>): KeyObject {
  const der = pkcs8.reveal();
  const sec1 = sec1Of(der);
  return sec1 === undefined
    ? createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
    : createPrivateKey({ key: Buffer.from(sec1), format: 'der', type: 'sec1' });
}

function spkiOf(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: 'der', type: 'spki' }));
}
