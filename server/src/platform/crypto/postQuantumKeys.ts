/** Post-quantum keys in memory: made, read out of PKCS#8, and what they sign and check. */

import type { PostQuantumKeyAlgorithm } from '../../core/credential/keyAlgorithm.ts';
import { sameOctets } from '../../core/credential/octets.ts';
import {
  type PostQuantumPrivateKey,
  parameterSetNamed,
  postQuantumKeyIn,
  postQuantumPkcs8,
  publicPartOf,
} from '../../core/credential/postQuantum.ts';
import { plainSpki } from '../../core/credential/spki.ts';
import { Secret } from '../../core/secret.ts';
import { postQuantumLibrary, postQuantumWork } from '../postQuantum/loaded.ts';
import { nodeRandom } from './randomSource.ts';

export async function generatePostQuantumKey(
  algorithm: PostQuantumKeyAlgorithm,
): Promise<{ readonly pkcs8: Secret<Uint8Array>; readonly spki: Uint8Array }> {
  const set = parameterSetNamed(algorithm);
  if (set === undefined) throw new Error(`${algorithm} is not known`);
  const seed = set.seed === undefined ? undefined : nodeRandom.bytes(set.seed);
  const made = await postQuantumWork({ do: 'make', set: set.name, ...(seed && { seed }) });
  const secret = seed ?? made.secretKey;
  if (secret === undefined || made.publicKey === undefined) throw new Error(`no ${algorithm} key was made`);
  return { pkcs8: new Secret(postQuantumPkcs8(set, secret)), spki: plainSpki(set.oid, made.publicKey) };
}

export async function postQuantumSignature(pkcs8: Secret<Uint8Array>, data: Uint8Array): Promise<Uint8Array> {
  const key = postQuantumKeyIn(pkcs8.reveal());
  const secretKey =
    key && (key.expanded ?? (key.seed && postQuantumLibrary().keyOf(key.set.name, key.seed)?.secretKey));
  if (key === undefined || secretKey === undefined) throw new Error('it is no post-quantum key');
  const { signature } = await postQuantumWork({ do: 'sign', set: key.set.name, secretKey, data });
  if (signature === undefined) throw new Error('nothing was signed');
  return signature;
}

/** SubjectPublicKeyInfo of a private key in PKCS#8; undefined where that is of another kind. */
export function postQuantumSpki(pkcs8: Uint8Array): Uint8Array | undefined {
  const key = postQuantumKeyIn(pkcs8);
  const part = key && (publicPartOf(key) ?? computedPart(key));
  return key && part && plainSpki(key.set.oid, part);
}

function computedPart({ set, seed, expanded }: PostQuantumPrivateKey): Uint8Array | undefined {
  if (seed !== undefined) return postQuantumLibrary().keyOf(set.name, seed)?.publicKey;
  return expanded && postQuantumLibrary().publicKeyOf(set.name, expanded);
}

/** Whether what stands as seed and as expanded key is not one key (RFC 9881, 8.1: it must be refused). */
export function halvesDiffer(pkcs8: Uint8Array): boolean {
  const key = postQuantumKeyIn(pkcs8);
  if (key?.seed === undefined || key.expanded === undefined) return false;
  const computed = postQuantumLibrary().keyOf(key.set.name, key.seed)?.secretKey;
  return computed !== undefined && !sameOctets(computed, key.expanded);
}
