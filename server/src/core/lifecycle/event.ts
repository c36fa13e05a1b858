import type { KeyAlgorithm } from '../credential/keyAlgorithm.ts';
import type { IdentityId } from '../identity/identityId.ts';
import type { DeliveryContent } from './deliveryContent.ts';

/** Reasons of RFC 5280, 5.3.1 that a person can give (`removeFromCRL` is the CA's alone). */
export const REVOCATION_REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

export type KeyOrigin = 'machine' | 'store' | 'engine' | 'service';

/** The public facts of one issued certificate. */
export interface CertificateFacts {
  /** Hex, lower case, no separators, no leading zero octet. */
  readonly serialNumber: string;
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** A declared algorithm, or what the SPKI says when it is none of those. */
  readonly keyAlgorithm: KeyAlgorithm | string;
  /** Hex SHA-256 of the DER SubjectPublicKeyInfo: the same for one key in every wrapping. */
  readonly spkiSha256: string;
  readonly fingerprintSha256: string;
}

/** Where a delivered copy stands. */
export interface DeliveredCopy {
  readonly backend: string;
  /** Which of the backend's targets. */
  readonly as: string;
  readonly path: string;
  readonly contents: readonly DeliveryContent[];
  /** What the target calls this version: a digest for a file, a number for a versioned store. Never the content. */
  readonly version: string;
}

interface EventBase {
  readonly schemaVersion: 1;
  /** Sorts by time, unique: also the file's name. */
  readonly id: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  readonly identity: IdentityId;
  /** One issuance to one machine; all events about it carry its id. */
  readonly generation: string;
  /** The machine that bears this generation; absent when the identity names no machine or shares one key. */
  readonly machine?: string;
  readonly actor: { readonly name: string; readonly tool: string };
  /** Why a person did it (`--because`). */
  readonly because?: string;
  readonly planId: string;
  /** Which clone wrote it, its counter there, and the hash of that clone's event before: an append-only chain. */
  readonly chain: { readonly clone: string; readonly sequence: number; readonly previous: string | null };
}

export interface IssuedEvent extends EventBase {
  readonly type: 'issued';
  readonly backend: string;
  readonly certificate: CertificateFacts;
  /** Public: leaf first, then the issuers. */
  readonly chainPem: string;
  readonly key: {
    readonly origin: KeyOrigin;
    readonly algorithm: string;
    readonly store?: string;
    readonly keyId?: string;
  };
  /** Generations of the same machine that this one is to take over from. */
  readonly replaces: readonly string[];
  /** Digest of the parts of the manifest that decide the credential; another one now means `outOfDate`. */
  readonly specDigest: string;
  /** The manifest's file, relative to the project root. */
  readonly declaredIn: string;
}

export interface DeliveredEvent extends EventBase {
  readonly type: 'delivered';
  readonly copy: DeliveredCopy;
}

export interface VerifiedEvent extends EventBase {
  readonly type: 'verified';
  readonly checks: readonly { readonly what: string; readonly ok: boolean; readonly detail: string }[];
}

export interface SupersededEvent extends EventBase {
  readonly type: 'superseded';
  readonly by: string;
}

export interface RevokedEvent extends EventBase {
  readonly type: 'revoked';
  readonly backend: string;
  readonly serialNumber: string;
  readonly reason: RevocationReason;
  /** When the CA says it was revoked. */
  readonly revokedAt: string;
}

export interface DestroyedEvent extends EventBase {
  readonly type: 'destroyed';
  /** The key material, or one delivered copy. */
  readonly what: { readonly key: true } | { readonly copy: Omit<DeliveredCopy, 'version'> };
}

/** An action was undone before anybody used this generation. */
export interface ForgottenEvent extends EventBase {
  readonly type: 'forgotten';
  readonly why: string;
}

export type IdentityEvent =
  | IssuedEvent
  | DeliveredEvent
  | VerifiedEvent
  | SupersededEvent
  | RevokedEvent
  | DestroyedEvent
  | ForgottenEvent;
