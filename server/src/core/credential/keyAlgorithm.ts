/** Key algorithms that can be declared, named as in NIST SP 800-186 / RFC 8032 with the size or curve. */
export const KEY_ALGORITHMS = [
  'ECDSA-P256',
  'ECDSA-P384',
  'ECDSA-P521',
  'Ed25519',
  'RSA-2048',
  'RSA-3072',
  'RSA-4096',
] as const;

export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];
