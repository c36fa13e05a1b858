import { buildRoot } from '../../../server/src/core/credential/build/certificate.ts';
import { nameOf } from '../../../server/src/core/credential/build/distinguishedName.ts';
import type { KeyAlgorithm } from '../../../server/src/core/credential/keyAlgorithm.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { nodeRandom } from '../../../server/src/platform/crypto/randomSource.ts';
import {
  generateSoftwareKey,
  type SoftwareKey,
  softwareSigner,
} from '../../../server/src/platform/crypto/softwareKeys.ts';
import { SIGNAL } from './requests.ts';

/** A certificate and its key, for targets that only carry them. */
export async function selfSigned(
  name: string,
  algorithm: KeyAlgorithm = 'ECDSA-P256',
): Promise<SoftwareKey & { readonly certificate: Uint8Array }> {
  const key = await generateSoftwareKey(algorithm);
  const now = Date.now();
  const certificate = await buildRoot(
    {
      name: nameOf(name, undefined),
      serialNumber: nodeRandom.bytes(16),
      validity: { notBefore: new Date(now), notAfter: new Date(now + 86_400_000) },
      signer: softwareSigner(key.pkcs8, algorithm),
    },
    nodeHasher,
    SIGNAL,
  );
  return { ...key, certificate };
}
