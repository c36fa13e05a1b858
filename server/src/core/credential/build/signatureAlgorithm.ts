import type { HashName } from '../../ports.ts';
import { type ClassicalKeyAlgorithm, isPostQuantum, type KeyAlgorithm } from '../keyAlgorithm.ts';
import { parameterSetNamed } from '../postQuantum.ts';

export interface SignatureAlgorithm {
  readonly oid: string;
  /** Undefined: the algorithm hashes for itself (Ed25519, RFC 8032). */
  readonly hash: HashName | undefined;
  /** RSA wants explicit NULL parameters (RFC 4055, 5); ECDSA and Ed25519 want none (RFC 5758, 3.2; RFC 8410, 3). */
  readonly parameters: 'null' | 'absent';
}

const RSA_SHA256: SignatureAlgorithm = { oid: '1.2.840.113549.1.1.11', hash: 'sha256', parameters: 'null' };

const ALGORITHMS: Readonly<Record<ClassicalKeyAlgorithm, SignatureAlgorithm>> = {
  'ECDSA-P256': { oid: '1.2.840.10045.4.3.2', hash: 'sha256', parameters: 'absent' },
  'ECDSA-P384': { oid: '1.2.840.10045.4.3.3', hash: 'sha384', parameters: 'absent' },
  'ECDSA-P521': { oid: '1.2.840.10045.4.3.4', hash: 'sha512', parameters: 'absent' },
  Ed25519: { oid: '1.3.101.112', hash: undefined, parameters: 'absent' },
  'RSA-2048': RSA_SHA256,
  'RSA-3072': RSA_SHA256,
  'RSA-4096': RSA_SHA256,
};

/** The one signature algorithm that we use with a key: its hash is as strong as the key. */
export function signatureAlgorithmOf(algorithm: KeyAlgorithm): SignatureAlgorithm {
  if (!isPostQuantum(algorithm)) return ALGORITHMS[algorithm];
  // RFC 9881, 2 and RFC 9909, 3: one identifier for key and signature, without parameters.
  return { oid: parameterSetNamed(algorithm)?.oid ?? '', hash: undefined, parameters: 'absent' };
}
