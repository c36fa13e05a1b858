import type { KeyAlgorithm } from './credential/keyAlgorithm.ts';

/** What core needs of an `AbortSignal`, which is no part of the language. */
export interface Cancellation {
  readonly aborted: boolean;
  throwIfAborted(): void;
}

/** The time, injected so that `--now` and tests decide it. */
export interface Clock {
  now(): Date;
}

export interface RandomSource {
  bytes(length: number): Uint8Array;
}

export type HashName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** Synchronous digests: fingerprints are needed inside plain loops. */
export interface Hasher {
  hash(name: HashName, bytes: Uint8Array): Uint8Array;
  /** The same in lower case hex, which a library gives in a third of the time that octets take. */
  hex(name: HashName, bytes: Uint8Array): string;
}

/**
 * Signs with a private key that the holder of this value never sees: in memory, in an HSM or behind an API.
 * `sign` gives the signature as X.509 wants it (DER `ECDSA-Sig-Value`, raw RSA PKCS#1 v1.5, raw Ed25519, ML-DSA and SLH-DSA) over `data`,
 * hashed by the algorithm that `signatureAlgorithmOf(algorithm)` names.
 */
export interface Signer {
  readonly algorithm: KeyAlgorithm;
  /** DER SubjectPublicKeyInfo (RFC 5280, 4.1.2.7). */
  readonly spki: Uint8Array;
  sign(data: Uint8Array, signal: Cancellation): Promise<Uint8Array>;
}

export type VerifyOutcome = 'good' | 'bad' | 'cannot-verify-here';

/** What core needs of a crypto library; Node's and Electron's differ, so it is a port. */
export interface SignatureVerifier {
  /** `signatureAlgorithm` is the DER AlgorithmIdentifier beside the signature. */
  verify(
    spki: Uint8Array,
    signatureAlgorithm: Uint8Array,
    data: Uint8Array,
    signature: Uint8Array,
  ): VerifyOutcome;
}

/** Ciphers that seal keys in PKCS#8 and PKCS#12 files. */
export type CipherName =
  | 'aes-128-cbc'
  | 'aes-192-cbc'
  | 'aes-256-cbc'
  | 'des-ede3-cbc'
  | 'des-cbc'
  | 'rc2-40-cbc'
  | 'rc2-128-cbc';

/**
 * Opens key files. Every function answers undefined where the library here cannot do it, or where what it is given makes
 * no sense (a wrong key shows as wrong padding): both mean "stays locked".
 */
export interface Decryptor {
  pbkdf2(
    hash: HashName,
    password: Uint8Array,
    salt: Uint8Array,
    rounds: number,
    length: number,
  ): Uint8Array | undefined;
  scrypt(
    password: Uint8Array,
    salt: Uint8Array,
    cost: number,
    blockSize: number,
    parallel: number,
    length: number,
  ): Uint8Array | undefined;
  hmac(hash: HashName, key: Uint8Array, data: Uint8Array): Uint8Array;
  /** Takes the padding of PKCS#7 off. */
  decrypt(cipher: CipherName, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array | undefined;
  /** Normal SubjectPublicKeyInfo of a private key in PKCS#8, for keys that do not carry their public half. */
  publicKeyOf(pkcs8: Uint8Array): Uint8Array | undefined;
  /** Whether a post-quantum private key holds a seed and an expanded key of which one is not of the other. */
  halvesDiffer(pkcs8: Uint8Array): boolean;
}

/** Seals what is delivered. Unlike a `Decryptor` it is only asked for what every library here can do. */
export interface Encryptor {
  /** With the padding of PKCS#7. */
  encrypt(cipher: 'aes-256-cbc', key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array;
}
