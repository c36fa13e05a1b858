import {
  type ClassicalKeyAlgorithm,
  isPostQuantum,
  type KeyAlgorithm,
} from '../core/credential/keyAlgorithm.ts';
import { BackendError } from './errors.ts';

/** For products that have no name for a post-quantum key: throws `invalid-request` for one. */
export function classicalAlgorithm(algorithm: KeyAlgorithm): ClassicalKeyAlgorithm {
  if (!isPostQuantum(algorithm)) return algorithm;
  throw new BackendError({
    kind: 'invalid-request',
    what: `it makes no ${algorithm} keys`,
    hint: 'choose an ECDSA, Ed25519 or RSA key, or another key store',
  });
}
