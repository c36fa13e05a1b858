/** What every authority, key store and SSH takes, named as in NIST SP 800-186 / RFC 8032 with the size or curve. */
export const CLASSICAL_KEY_ALGORITHMS = [
  'ECDSA-P256',
  'ECDSA-P384',
  'ECDSA-P521',
  'Ed25519',
  'RSA-2048',
  'RSA-3072',
  'RSA-4096',
] as const;

/**
 * Signatures that no quantum computer is known to forge, by their parameter sets (FIPS 204, FIPS 205). Of SLH-DSA those with
 * SHA-2; those with SHAKE are read and checked, and not made.
 */
export const POST_QUANTUM_KEY_ALGORITHMS = [
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
  'SLH-DSA-SHA2-128s',
  'SLH-DSA-SHA2-128f',
  'SLH-DSA-SHA2-192s',
  'SLH-DSA-SHA2-192f',
  'SLH-DSA-SHA2-256s',
  'SLH-DSA-SHA2-256f',
] as const;

/** Key algorithms that can be declared. */
export const KEY_ALGORITHMS = [...CLASSICAL_KEY_ALGORITHMS, ...POST_QUANTUM_KEY_ALGORITHMS] as const;

export type ClassicalKeyAlgorithm = (typeof CLASSICAL_KEY_ALGORITHMS)[number];
export type PostQuantumKeyAlgorithm = (typeof POST_QUANTUM_KEY_ALGORITHMS)[number];
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

const POST_QUANTUM: ReadonlySet<string> = new Set(POST_QUANTUM_KEY_ALGORITHMS);

export function isPostQuantum(algorithm: KeyAlgorithm): algorithm is PostQuantumKeyAlgorithm {
  return POST_QUANTUM.has(algorithm);
}
