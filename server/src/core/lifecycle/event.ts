import type { KeyAlgorithm } from '../credential/keyAlgorithm.ts';
import type { IdentityId } from '../identity/identityId.ts';
import type { DeliveryContent } from './deliveryContent.ts';
import type { KeystorePlace } from './keystorePlace.ts';
import type { StepVerb, WritingVerb } from './plan.ts';

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

/** The private key passes through here, sealed, and is erased once it was delivered. */
export function isMadeToLeave(origin: KeyOrigin): boolean {
  return origin === 'engine' || origin === 'service';
}

/** The public facts of one issued credential, of whatever kind. */
export interface CredentialFacts {
  /**
   * What its issuer calls it. X.509 and SSH certificates: hex, lower case, no separators. A plain SSH key: the hex SHA-256
   * of its blob. A key in a store: its id there. A token, a registration: its id at the issuer.
   */
  readonly serialNumber: string;
  /** Whom it names: a distinguished name, an SSH key id, the `sub` of a token, a SPIFFE ID. */
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  /** `NO_END` where it has none. */
  readonly notAfter: string;
  /** A declared algorithm, or what the SPKI says when it is none of those. Absent where there is no key. */
  readonly keyAlgorithm?: KeyAlgorithm | string;
  /** Hex SHA-256 of the DER SubjectPublicKeyInfo: the same for one key in every wrapping. */
  readonly spkiSha256?: string;
  /** Hex SHA-256 of the DER, of the SSH blob, of a lone key's SPKI; `tokenFingerprint` of a token. */
  readonly fingerprintSha256: string;
}

/** End of what has no end: the date that RFC 5280, 4.1.2.5 sets aside for this. */
export const NO_END = '9999-12-31T23:59:59.000Z';

/** Where a delivered copy stands. */
export interface DeliveredCopy {
  readonly backend: string;
  /** Which of the backend's targets. */
  readonly as: string;
  readonly path: string;
  readonly contents: readonly DeliveryContent[];
  /** Absent: text. */
  readonly keystore?: KeystorePlace;
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

/** What begins a generation, however it came about. */
interface Beginning extends EventBase {
  readonly credential: CredentialFacts;
  /** What of it is public: PEM certificates (leaf first, then the issuers), a line as OpenSSH writes it, a PEM public key; else empty. */
  readonly publicText: string;
  /** Generations of the same machine that this one is to take over from. */
  readonly replaces: readonly string[];
  /** Digest of the parts of the manifest that decide the credential; another one now means `outOfDate`. */
  readonly specDigest: string;
  /** The manifest's file, relative to the project root. */
  readonly declaredIn: string;
}

export interface IssuedEvent extends Beginning {
  readonly type: 'issued';
  readonly backend: string;
  /** Absent for what has no key of its own: tokens and registrations. */
  readonly key?: {
    readonly origin: KeyOrigin;
    readonly algorithm: string;
    readonly store?: string;
    readonly keyId?: string;
  };
}

/**
 * A credential that was there before its manifest, and that this tool did not make. Whether its authority knows it is asked
 * of that alone: this event proves nothing.
 */
export interface AdoptedEvent extends Beginning {
  readonly type: 'adopted';
  /** The declared backend that issued it, as it seems; null: none that is declared. */
  readonly backend: string | null;
  /** Project files that it was found in. */
  readonly files: readonly string[];
  /** Where its private key is, nobody here has made it. */
  readonly key?: never;
}

/** The first event of every generation. */
export type BeginningEvent = IssuedEvent | AdoptedEvent;

export interface DeliveredEvent extends EventBase {
  readonly type: 'delivered';
  readonly copy: DeliveredCopy;
}

export interface VerifiedEvent extends EventBase {
  readonly type: 'verified';
  readonly checks: readonly { readonly what: string; readonly ok: boolean; readonly detail: string }[];
  /** What endpoints agreed on when they served it, each once. */
  readonly served?: readonly ServedEndpoint[];
}

export interface ServedEndpoint {
  readonly endpoint: string;
  /** `TLSv1.3`. */
  readonly version: string;
  /** By its IANA name. */
  readonly cipherSuite: string;
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

/** What an action was still to do, or to take back, when a person gave it up. */
export interface LeftStep {
  readonly verb: StepVerb;
  /** As the plan told it to a person. */
  readonly what: string;
  readonly backend?: string;
  readonly target?: string;
}

/** A person gave up an action that could not be finished. What it left undone stands as it is, and nobody looks after it. */
export interface AbandonedEvent extends EventBase {
  readonly type: 'abandoned';
  readonly verb: WritingVerb;
  /** It was being taken back: `left` is what was not taken back. */
  readonly undoing: boolean;
  readonly left: readonly LeftStep[];
}

export type IdentityEvent =
  | IssuedEvent
  | AdoptedEvent
  | DeliveredEvent
  | VerifiedEvent
  | SupersededEvent
  | RevokedEvent
  | DestroyedEvent
  | ForgottenEvent
  | AbandonedEvent;
