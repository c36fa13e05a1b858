import type { Location } from '../finding.ts';

export type KeyForm =
  | 'certificate'
  | 'certificate-request'
  | 'public-key'
  | 'private-key'
  | 'ssh-key'
  | 'ssh-certificate'
  | 'jwk';

/** What is said of a key where it stands. Public facts alone. */
export interface SightedKey {
  readonly form: KeyForm;
  /** `a certificate`, `a private key (OpenSSH)`. */
  readonly what: string;
  /** `RSA-2048`. */
  readonly algorithm: string;
  /** Of a certificate or a request; the key id of an SSH certificate; `kid` of a JWK. May be empty. */
  readonly subject?: string;
  /** Alternative names as `dns:example.com`; principals of an SSH certificate. */
  readonly names?: readonly string[];
  readonly issuer?: string;
  readonly serialNumber?: string;
  /** ISO 8601. */
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** Of the whole certificate: the same in all its copies. */
  readonly fingerprintSha256?: string;
  /** It is that of an authority of certificates. */
  readonly isAuthority?: true;
  /** What a key of SSH is there for, where that can be told. */
  readonly role?: 'host' | 'login' | 'authority' | 'revoked';
  /** Patterns of hosts, as known_hosts has them. */
  readonly hosts?: readonly string[];
  /** What stands after a key of SSH. */
  readonly comment?: string;
}

/** In the text that was looked at; `end` is the first place after it. */
export interface FoundKey extends SightedKey {
  readonly start: number;
  readonly end: number;
  /** Normalized DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Its hex SHA-256, where that was needed on the way. */
  readonly spkiSha256?: string;
}

/** A key in a file, in whatever it is written: a value that JSON can hold. */
export interface KeySighting extends SightedKey, Location {
  /** Hex SHA-256 of the SubjectPublicKeyInfo: the same for one key in every form. */
  readonly spkiSha256: string;
  /** The SubjectPublicKeyInfo itself, DER in base64. */
  readonly spki: string;
}
