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

/** A key without its place. */
export interface ReadKey {
  readonly said: SightedKey;
  /** Normalized DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** DER of a certificate, which says the rest of it where somebody asks (`certifiedSighting`): of most nobody does. */
  readonly certificate?: Uint8Array;
}

/** In the text that was looked at; `end` is the first place after it. */
export interface FoundKey extends ReadKey {
  readonly start: number;
  readonly end: number;
}
