/**
 * What a backend is. A backend type is one folder that exports a `BackendType`; opening one gives a `Backend`: a few
 * verbs that all have, and one optional capability per role that it plays. Callers ask for a capability by presence,
 * so lenses and plans offer only what is there. Everything throws `BackendError` and nothing else.
 */
import type { KeyAlgorithm } from '../core/credential/keyAlgorithm.ts';
import type { CertificateUsage, SubjectNames } from '../core/credential/subjectNames.ts';
import type { IdentityId } from '../core/identity/identityId.ts';
import type { DeliveryContent } from '../core/lifecycle/deliveryContent.ts';
import type { RevocationReason } from '../core/lifecycle/event.ts';
import type { Clock, Hasher, RandomSource, Signer } from '../core/ports.ts';
import type { Secret } from '../core/secret.ts';

export const ROLES = [
  'CertificateAuthority',
  'KeyStore',
  'SecretStore',
  'SshAuthority',
  'TokenIssuer',
  'WorkloadRegistry',
  'Target',
] as const;
export type Role = (typeof ROLES)[number];

/** An address that belongs to one project root alone: no other folder can reach it, so nobody needs to confirm it. */
export const PRIVATE_ADDRESS = 'local:this-folder';

export interface BackendType<Config = unknown> {
  /** The value of `spec.type`. */
  readonly type: string;
  readonly title: string;
  readonly roles: readonly Role[];
  /** Draft-07 schema of the fields of `spec` that belong to this type (without `type`, `owner`). */
  readonly configSchema: Readonly<Record<string, unknown>>;
  /**
   * What a login to it is bound to: scheme, host and CA for a server, the store's name for `local`. When a manifest's
   * address is not the one that was bound, nothing is contacted until a person confirms it.
   */
  address(config: Config): string;
  /** Cheap, no side effect on the backend. `config` was validated with `configSchema`. */
  open(config: Config, context: BackendContext, signal: AbortSignal): Promise<Backend>;
}

/** What the engine lends to a backend. A backend touches disk, time and randomness through this alone. */
export interface BackendContext {
  readonly name: string;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly hasher: Hasher;
  /** Public data of this backend in the user's state folder: never in the work tree. */
  readonly state: StateFolder;
  /** Sealed at rest; this backend's own compartment of the user's sealed store. */
  readonly sealed: SealedStore;
  /** Files of the project, guarded: no path leaves the root, links are resolved at open. */
  readonly files: ProjectFiles;
}

/** Small files under one folder of the user's state; names are relative with forward slashes. */
export interface StateFolder {
  read(name: string): Promise<Uint8Array | undefined>;
  /** Atomic (temporary file, fsync, rename, fsync of the folder), mode 0600. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  /** Full names, as `read` takes them, of all files under `folder` at any depth (`''`: all), sorted. */
  list(folder: string): Promise<readonly string[]>;
  /** Runs `work` while no other process holds the lock of that name in this folder. */
  locked<T>(name: string, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface SealedStore {
  get(name: string): Promise<Secret<Uint8Array> | undefined>;
  put(name: string, value: Secret<Uint8Array>): Promise<void>;
  remove(name: string): Promise<void>;
  /** Full names, as `get` takes them, of all entries under `folder` at any depth (`''`: all), sorted. */
  list(folder: string): Promise<readonly string[]>;
  scope(folder: string): SealedStore;
  /** False when there is no unlocking secret, so what is put here lies readable under the user's account. */
  readonly encrypted: boolean;
}

export interface ProjectFileState {
  readonly bytes: Secret<Uint8Array>;
  /** Hex SHA-256 of the content: the file's version for check-and-set. */
  readonly version: string;
  readonly mode: number;
}

export interface ProjectFiles {
  /** Refuses (BackendError `forbidden`) absolute, UNC, drive and device names, `..`, and links that leave the root. */
  read(path: string): Promise<ProjectFileState | undefined>;
  /**
   * Temporary file in the same folder, fsync, rename. `ifVersion` null: it must not exist; a version: it must be that
   * one, else BackendError `conflict`. `isPrivate`: mode 0600, and only where git ignores the path, else `forbidden`.
   */
  write(
    path: string,
    bytes: Secret<Uint8Array>,
    options: { ifVersion: string | null; isPrivate: boolean; mode?: number },
  ): Promise<{ version: string }>;
  remove(path: string, options: { ifVersion: string }): Promise<void>;
  /** Says without writing whether `write` would be refused, and why. */
  preflight(path: string, options: { isPrivate: boolean }): Promise<void>;
}

export interface Backend {
  readonly name: string;
  readonly type: string;
  /** What it can and cannot do, in words a person reads (doctor, hover). */
  readonly limits: readonly string[];
  /** Read-only check of connection, login and posture. */
  health(signal: AbortSignal): Promise<Health>;
  close(): Promise<void>;
  readonly authority?: CertificateAuthority;
  readonly keys?: KeyStore;
  readonly secrets?: SecretStore;
  /** Delivery targets by the value of `deliverTo[].as`; `defaultTarget` when it is left out. */
  readonly targets?: Readonly<Record<string, Target>>;
  readonly defaultTarget?: string;
}

export interface Health {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly what: string;
    readonly ok: boolean;
    readonly detail: string;
    readonly hint?: string;
  }[];
}

export type { CertificateUsage, SubjectNames };

export interface IssueRequest {
  /** Chosen by the engine, the same on every retry: the authority answers a repeated one with what it issued before. */
  readonly requestId: string;
  readonly identity: IdentityId;
  readonly machine?: string;
  /** DER PKCS#10 (RFC 2986). Only its key and its proof of possession count; names come from the manifest. */
  readonly csr: Uint8Array;
  readonly names: SubjectNames;
  readonly usages: readonly CertificateUsage[];
  readonly durationSeconds: number;
}

export interface IssuedCertificate {
  readonly requestId: string;
  /** DER, leaf first, then its issuers without the root. */
  readonly chain: readonly Uint8Array[];
  /** DER of the root, where the authority knows it. */
  readonly root?: Uint8Array;
}

/** The authority's list of what it issued: public data. */
export interface LedgerEntry extends IssuedCertificate {
  readonly serialNumber: string;
  readonly identity?: IdentityId;
  readonly machine?: string;
  readonly issuedAt: string;
  /** End of validity; ISO 8601. */
  readonly notAfter: string;
  readonly revoked?: { readonly at: string; readonly reason: RevocationReason };
}

export type IssueOutcome =
  | { readonly state: 'issued'; readonly certificate: IssuedCertificate }
  | { readonly state: 'pending'; readonly order: string; readonly retryAt: string; readonly why: string };

export type CertificateStatus =
  | { readonly status: 'good' }
  | { readonly status: 'revoked'; readonly at: string; readonly reason: RevocationReason }
  | { readonly status: 'unknown'; readonly why: string };

export interface CertificateAuthority {
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  readonly usages: readonly CertificateUsage[];
  readonly revocationReasons: readonly RevocationReason[];
  /** Longest leaf it signs, in seconds. */
  readonly maximumDurationSeconds: number;
  /** What it gives where a manifest declares no duration. */
  readonly defaultDurationSeconds?: number;
  issue(request: IssueRequest, signal: AbortSignal): Promise<IssueOutcome>;
  /** Reconciliation after a crash: what this authority did for a request id, a serial number or an SPKI hash. */
  find(
    query: { requestId: string } | { serialNumber: string } | { spkiSha256: string },
    signal: AbortSignal,
  ): Promise<LedgerEntry | undefined>;
  /** Everything it issued for one identity; the engine compares it with the record before it acts. */
  issuedFor(identity: IdentityId, signal: AbortSignal): Promise<readonly LedgerEntry[]>;
  /** Idempotent: revoking a revoked certificate again answers with the first revocation. Any other reason than those offered is `invalid-request`. */
  revoke(
    serialNumber: string,
    reason: RevocationReason,
    signal: AbortSignal,
  ): Promise<{ at: string; reason: RevocationReason }>;
  status(serialNumber: string, signal: AbortSignal): Promise<CertificateStatus>;
  /** Trust anchors, DER. */
  roots(signal: AbortSignal): Promise<readonly Uint8Array[]>;
  /** Fresh complete CRL, DER (RFC 5280, 5). Absent where the product has none. */
  crl?(signal: AbortSignal): Promise<Uint8Array>;
  /** Answers a DER OCSP request (RFC 6960). Absent where the product has none. */
  ocsp?(request: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
  /** Writes what relying parties need (CRL, roots) to where the backend's manifest says; names what it wrote. */
  publish?(signal: AbortSignal): Promise<readonly string[]>;
}

export interface StoredKey {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly spki: Uint8Array;
  readonly createdAt: string;
}

/** Keys that are made here and never leave. */
export interface KeyStore {
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  /** Idempotent by `keyId`: a key of that id and algorithm that exists is answered, of another algorithm is a `conflict`. */
  generate(keyId: string, algorithm: KeyAlgorithm, signal: AbortSignal): Promise<StoredKey>;
  find(keyId: string, signal: AbortSignal): Promise<StoredKey | undefined>;
  list(signal: AbortSignal): Promise<readonly StoredKey[]>;
  signer(keyId: string, signal: AbortSignal): Promise<Signer>;
  /** Idempotent: destroying what is gone is no error. */
  destroy(keyId: string, signal: AbortSignal): Promise<void>;
}

/** Versioned secrets with check-and-set. */
export interface SecretStore {
  read(
    path: string,
    signal: AbortSignal,
  ): Promise<{ value: Secret<Uint8Array>; version: string } | undefined>;
  write(
    path: string,
    value: Secret<Uint8Array>,
    options: { ifVersion: string | null },
    signal: AbortSignal,
  ): Promise<{ version: string }>;
  /** Removes all versions. Idempotent. */
  destroy(path: string, signal: AbortSignal): Promise<void>;
  list(folder: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** Material to deliver, as PEM; the target lays it out its own way. */
export interface Delivery {
  readonly path: string;
  /** In the manifest's order. */
  readonly contents: readonly { readonly what: DeliveryContent; readonly pem: Secret<string> }[];
  readonly mode?: number;
}

export interface DeliveredState {
  readonly version: string;
  /** Hex SHA-256 of the first certificate that stands there, if one does. */
  readonly certificateSha256?: string;
  /** Hex SHA-256 of the SPKI of the private key that stands there, if one does. */
  readonly privateKeySpkiSha256?: string;
}

/** Where credentials are delivered to. Every write is check-and-set, so a newer one is never overwritten. */
export interface Target {
  /** Throws what `deliver` would throw, and changes nothing. */
  preflight(
    delivery: Omit<Delivery, 'contents'> & { contents: readonly DeliveryContent[] },
    signal: AbortSignal,
  ): Promise<void>;
  read(path: string, signal: AbortSignal): Promise<DeliveredState | undefined>;
  deliver(
    delivery: Delivery,
    options: { ifVersion: string | null },
    signal: AbortSignal,
  ): Promise<{ version: string }>;
  /** The raw content, so that an undone delivery can be put back. */
  snapshot(
    path: string,
    signal: AbortSignal,
  ): Promise<{ content: Secret<Uint8Array>; version: string } | undefined>;
  restore(
    path: string,
    content: Secret<Uint8Array>,
    options: { ifVersion: string | null },
    signal: AbortSignal,
  ): Promise<{ version: string }>;
  remove(path: string, options: { ifVersion: string }, signal: AbortSignal): Promise<void>;
}
