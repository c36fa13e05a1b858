/** Credentials that lie in a folder and that no manifest declares yet, as every face shows them. Public facts only. */

export type FoundKind =
  | 'certificate'
  /** Of a certificate authority. */
  | 'authority'
  | 'ssh-certificate'
  | 'ssh-key'
  | 'private-key'
  | 'public-key'
  | 'request'
  | 'key-store'
  /** A manifest of cert-manager, which keeps that certificate. */
  | 'cert-manager';

/** What of an item a file holds. */
export type Part =
  | 'certificate'
  | 'chain'
  | 'private key'
  | 'public key'
  | 'request'
  | 'key store'
  | 'manifest';

export interface FoundFile {
  /** Relative to the project root, forward slashes. */
  readonly file: string;
  /** Zero-based line at which it begins. */
  readonly line: number;
  readonly holds: readonly Part[];
  /** The private key in it is encrypted. */
  readonly encrypted: boolean;
}

/** What belongs together by its key: a certificate, its chain, its private key, its request, wherever they lie. */
export interface FoundGroup {
  /** The same as long as the credential is. */
  readonly id: string;
  readonly kind: FoundKind;
  /** A name from its subject, else the file's. */
  readonly title: string;
  readonly subject: string | null;
  readonly issuer: string | null;
  readonly serialNumber: string | null;
  /** ISO 8601, UTC. */
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly keyAlgorithm: string | null;
  readonly spkiSha256: string | null;
  readonly fingerprintSha256: string | null;
  /** By name; the public half first. */
  readonly files: readonly FoundFile[];
}
