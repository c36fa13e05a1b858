import type { Generation } from '../lifecycle/record.ts';

/** A certificate that somebody is to trust. */
export interface AnchorFacts {
  /** RFC 4514. */
  readonly subject: string;
  /** Hex SHA-256 of its SubjectPublicKeyInfo: the anchor is this key under that name (RFC 5280, 6.1.1 d). */
  readonly key: string;
  /** ISO 8601, UTC. */
  readonly notAfter: string;
}

/** Whose word a certificate rests on, as far as files and records tell. */
export interface Signers {
  /** Names the highest of them. */
  readonly authority: string;
  /** Of all of them, as in `AnchorFacts`: whoever trusts one trusts the certificate. */
  readonly keys: ReadonlySet<string>;
}

/** What is known of trust without asking anybody. */
export interface TrustFacts {
  /** By project file; a file that is not there, or that holds no certificate, is left out. */
  readonly anchors: ReadonlyMap<string, readonly AnchorFacts[]>;
  /** Undefined: its issuers are not known here. */
  signersOf(generation: Generation): Signers | undefined;
}
