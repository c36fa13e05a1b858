/** Keys of the authorities: sealed under their names, made on first use. */
import { readPublicKey } from '../../core/credential/build/publicKey.ts';
import type { KeyAlgorithm } from '../../core/credential/keyAlgorithm.ts';
import { sameOctets } from '../../core/credential/octets.ts';
import type { Signer } from '../../core/ports.ts';
import { generateSoftwareKey, publicKeyOf, softwareSigner } from '../../platform/crypto/softwareKeys.ts';
import type { SealedStore } from '../contract.ts';
import { BackendError } from '../errors.ts';

/** The key of that name, made and sealed first when there is none; one that is there keeps its algorithm. */
export async function sealedKeyFor(
  keys: SealedStore,
  name: string,
  algorithm: KeyAlgorithm,
  signal: AbortSignal,
): Promise<Signer> {
  if ((await keys.get(name)) === undefined) {
    const { pkcs8 } = await generateSoftwareKey(algorithm);
    signal.throwIfAborted();
    await keys.put(name, pkcs8);
  }
  return sealedSigner(keys, name, undefined);
}

/** Throws `corrupt` when there is no such key, or when it is not the one whose SPKI is expected. */
export async function sealedSigner(
  keys: SealedStore,
  name: string,
  expected: Uint8Array | undefined,
): Promise<Signer> {
  const pkcs8 = await keys.get(name);
  if (pkcs8 === undefined) throw keyLost();
  const key = readPublicKey(publicKeyOf(pkcs8));
  if (!key.ok || (expected !== undefined && !sameOctets(key.spki, expected))) throw keyLost();
  return softwareSigner(pkcs8, key.algorithm);
}

function keyLost(): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: 'the private key of a CA of this backend is not in the sealed store, or is another one',
    hint: 'restore the sealed store from a backup; if there is none, name another store in spec.store and issue again',
  });
}
