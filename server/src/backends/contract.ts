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
import type { KeystoreFormat } from '../core/lifecycle/keystorePlace.ts';
import type { Clock, Hasher, RandomSource, Signer } from '../core/ports.ts';
import type { Secret } from '../core/secret.ts';
import type { Permit, Use } from './permit.ts';

export type { Permit, Use } from './permit.ts';

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
  /** Project files that decide whom to trust at that address, such as its CA: their content is confirmed with it. */
  trustedFiles?(config: Config): readonly string[];
  /** Ways to log in, by the value of `spec.auth.method`. Absent where there is nothing to log in to. */
  readonly loginMethods?: Readonly<Record<string, LoginMethod>>;
  /** Which of them a manifest names, its default included. */
  loginMethod?(config: Config): string;
  /** Turns what was given into what is kept, where that differs: a wrapped credential is opened, once. */
  takeLogin?(
    config: Config,
    context: Pick<BackendContext, 'name' | 'files'>,
    login: Login,
    signal: AbortSignal,
  ): Promise<TakenLogin>;
  /** Cheap, no side effect on the backend. `config` was validated with `configSchema`. */
  open(config: Config, context: BackendContext, signal: AbortSignal): Promise<Backend>;
}

/** One way to log in: what a person, or a pipeline, must give. */
export interface LoginMethod {
  readonly title: string;
  readonly fields: readonly LoginField[];
}

export interface LoginField {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Typed hidden, kept sealed, never shown. */
  readonly secret: boolean;
  readonly optional?: boolean;
  /** It may be given in place of that field; one of the two is needed, and never both. */
  readonly insteadOf?: string;
}

export interface TakenLogin {
  readonly login: Login;
  /** What a person should know of what was given. */
  readonly told?: string;
  /** What to do where this login is refused after all, and so not kept. */
  readonly ifRefused?: string;
}

/** What feeds a login: user or runner configuration, bound to project, backend and address; never from the repository. */
export interface Login {
  readonly method: string;
  readonly values: Readonly<Record<string, Secret<string>>>;
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
  /** What was bound for this backend at this address; undefined: nothing yet, `idac login NAME` asks for it. */
  login(signal: AbortSignal): Promise<Login | undefined>;
  /** Files of the project, guarded: no path leaves the root, links are resolved at open. */
  readonly files: ProjectFiles;
  /** The keys of another backend, which this one's manifest names; BackendError when it has none, or cannot be opened. */
  keyStore(name: string, signal: AbortSignal): Promise<KeyStore>;
  /** Native modules that this machine allows to be loaded; a manifest names one, and never its file. */
  readonly modules: NativeModules;
  /** Longest wait for an answer over the network; left out: as long as the backend itself finds right. */
  readonly answerMilliseconds?: number;
}

/** PKCS#11 modules by their short names, as user and administrator of this machine configured them. */
export interface NativeModules {
  find(name: string): Promise<NativeModule | undefined>;
  names(): Promise<readonly string[]>;
}

export interface NativeModule {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** Who says so: a variable or a configuration file. */
  readonly source: string;
  /** Others than its owner can change the file or its folder; undefined where that cannot be told. */
  writableByOthers?(): Promise<boolean | undefined>;
}

/** Small files under one folder of the user's state; names are relative with forward slashes. */
export interface StateFolder {
  read(name: string): Promise<Uint8Array | undefined>;
  /** Atomic (temporary file, fsync, rename, fsync of the folder), mode 0600. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /**
   * Adds a line to a file of lines that is there, in place, and nothing is renamed; on disk (fsync) when it returns. A last
   * line that a crash tore is cut off. One caller at a time, under a lock of its own; readers see whole lines and a rest.
   */
  appendLine(name: string, line: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Full names, as `read` takes them, of all files under `folder` at any depth (`''`: all), sorted. */
  list(folder: string): Promise<readonly string[]>;
  /** Whether files could be written, and whether others than its owner can read them; makes nothing. */
  look(): Promise<{ readonly folder: string; readonly writable: boolean; readonly openToOthers: boolean }>;
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
   * `owner`: `user` or `user:group`, set before the file can be seen under its name.
   */
  write(
    path: string,
    bytes: Secret<Uint8Array>,
    options: { ifVersion: string | null; isPrivate: boolean; mode?: number; owner?: string },
  ): Promise<{ version: string }>;
  remove(path: string, options: { ifVersion: string }): Promise<void>;
  /** Says without writing whether `write` would be refused, and why. */
  preflight(path: string, options: { isPrivate: boolean; owner?: string }): Promise<void>;
}

export interface Backend {
  readonly name: string;
  readonly type: string;
  /** What it can and cannot do, in words a person reads (doctor, hover). */
  readonly limits: readonly string[];
  /** Read-only check of connection, login and posture. */
  health(signal: AbortSignal): Promise<Health>;
  /** About the login in use. Absent where there is nothing to log in to. */
  login?(signal: AbortSignal): Promise<LoginFacts>;
  /**
   * Whether it would do each of these now, as far as that can be told without doing it: one answer or more for each use.
   * Nothing is changed anywhere. It is asked for each identity of a run, so what costs a call to a server is asked once
   * for all uses and kept for a few seconds; `health` asks anew. Absent where nothing can be told.
   */
  permits?(uses: readonly Use[], signal: AbortSignal): Promise<readonly Permit[]>;
  close(): Promise<void>;
  readonly authority?: CertificateAuthority;
  readonly keys?: KeyStore;
  readonly ssh?: SshAuthority;
  readonly tokens?: TokenIssuer;
  readonly workloads?: WorkloadRegistry;
  readonly secrets?: SecretStore;
  /** Delivery targets by the value of `deliverTo[].as`; `defaultTarget` when it is left out. */
  readonly targets?: Readonly<Record<string, Target>>;
  readonly defaultTarget?: string;
}

/** What a backend tells of the login that it is used with: nothing secret, and no part of a credential. */
export interface LoginFacts {
  /** ISO 8601; null: it has no end; absent: that is not told. */
  readonly expiresAt?: string | null;
  /** Using it puts its end off. */
  readonly renewable?: boolean;
  /** What may be used with it: policies, roles, a token. */
  readonly reach: readonly string[];
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

/** What every request for a credential says, whatever the kind. */
export interface IssuanceRequest {
  /** Chosen by the engine, the same on every retry: the issuer answers a repeated one with what it issued before. */
  readonly requestId: string;
  readonly identity: IdentityId;
  readonly machine?: string;
}

/** What every issuer remembers of an issuance: public data. */
export interface LedgerFacts {
  readonly requestId: string;
  /** What the issuer calls it: a serial number, a token's id, a registration's id, the fingerprint of a plain key. */
  readonly serialNumber: string;
  readonly identity?: IdentityId;
  readonly machine?: string;
  /** ISO 8601. */
  readonly issuedAt: string;
  /** End of validity; ISO 8601. `NO_END` of core/lifecycle/event.ts for what has none. */
  readonly notAfter: string;
  readonly revoked?: { readonly at: string; readonly reason: RevocationReason };
}

export type CredentialStatus =
  | { readonly status: 'good' }
  | { readonly status: 'revoked'; readonly at: string; readonly reason: RevocationReason }
  | { readonly status: 'unknown'; readonly why: string };

export type IssueOutcome<Made> =
  | { readonly state: 'issued'; readonly made: Made }
  | { readonly state: 'pending'; readonly order: string; readonly retryAt: string; readonly why: string };

/** What all roles have in common that make credentials and end them. `Entry` is a line of the issuer's list. */
export interface Issuer<Entry extends LedgerFacts = LedgerFacts> {
  readonly revocationReasons: readonly RevocationReason[];
  /** Longest validity that it gives, in seconds. */
  readonly maximumDurationSeconds: number;
  /** What it gives where a manifest declares no duration. */
  readonly defaultDurationSeconds?: number;
  /** Reconciliation after a crash: what this issuer did for a request id, a serial number or an SPKI hash. */
  find(
    query: { requestId: string } | { serialNumber: string } | { spkiSha256: string },
    signal: AbortSignal,
  ): Promise<Entry | undefined>;
  /** Everything it issued for one identity; the engine compares it with the record before it acts. */
  issuedFor(identity: IdentityId, signal: AbortSignal): Promise<readonly Entry[]>;
  /** Idempotent: revoking what is revoked answers with the first revocation. A reason that is not offered is `invalid-request`. */
  revoke(
    serialNumber: string,
    reason: RevocationReason,
    signal: AbortSignal,
  ): Promise<{ at: string; reason: RevocationReason }>;
  status(serialNumber: string, signal: AbortSignal): Promise<CredentialStatus>;
  /** Writes what relying parties need (lists of what is revoked, trust anchors) to where the backend's manifest says; names what it wrote. */
  publish?(signal: AbortSignal): Promise<readonly string[]>;
}

/** What is to be certified, whoever has the key. */
export interface CertificateWish extends IssuanceRequest {
  readonly names: SubjectNames;
  readonly usages: readonly CertificateUsage[];
  readonly durationSeconds: number;
}

export interface CertificateRequest extends CertificateWish {
  /** DER PKCS#10 (RFC 2986). Only its key and its proof of possession count; names come from the manifest. */
  readonly csr: Uint8Array;
}

/** Asks for the key as well (`key.origin: service`). */
export interface ServiceKeyRequest extends CertificateWish {
  readonly keyAlgorithm: KeyAlgorithm;
}

export interface IssuedCertificate {
  readonly requestId: string;
  /** DER, leaf first, then its issuers without the root. */
  readonly chain: readonly Uint8Array[];
  /** DER of the root, where the authority knows it. */
  readonly root?: Uint8Array;
}

export interface IssuedWithKey extends IssuedCertificate {
  /** DER PrivateKeyInfo (RFC 5208): shown this once. */
  readonly pkcs8: Secret<Uint8Array>;
  /** Serial numbers of those that were made for this request before, whose keys were lost with the answer: revoked now. */
  readonly ended: readonly string[];
}

/** Keys that the authority makes together with the certificate, sees, and gives out once. */
export interface ServiceKeys {
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  /** A repeated request id ends what was made for it, since its key is not shown again, and makes another. */
  issueWithKey(request: ServiceKeyRequest, signal: AbortSignal): Promise<IssueOutcome<IssuedWithKey>>;
}

/** A line of a certificate authority's list. */
export interface LedgerEntry extends IssuedCertificate, LedgerFacts {}

export interface CertificateAuthority extends Issuer<LedgerEntry> {
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  readonly usages: readonly CertificateUsage[];
  issue(request: CertificateRequest, signal: AbortSignal): Promise<IssueOutcome<IssuedCertificate>>;
  /** Absent where the authority makes no keys for others. */
  readonly serviceKeys?: ServiceKeys;
  /** Trust anchors, DER. */
  roots(signal: AbortSignal): Promise<readonly Uint8Array[]>;
  /** Fresh complete CRL, DER (RFC 5280, 5). Absent where the product has none. */
  crl?(signal: AbortSignal): Promise<Uint8Array>;
  /** Answers a DER OCSP request (RFC 6960). Absent where the product has none. */
  ocsp?(request: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
}

export type SshCertificateType = 'user' | 'host';

export interface SshCertificateRequest extends IssuanceRequest {
  /** DER SubjectPublicKeyInfo of the key to certify. */
  readonly spki: Uint8Array;
  readonly certificateType: SshCertificateType;
  /** What sshd logs when it is used (PROTOCOL.certkeys, "key id"). */
  readonly keyId: string;
  readonly principals: readonly string[];
  /** By OpenSSH's names: `force-command`, `source-address` (comma-separated), `verify-required` (empty value). */
  readonly criticalOptions: Readonly<Record<string, string>>;
  /** OpenSSH's names: `permit-pty`, …; none for a host. */
  readonly extensions: readonly string[];
  readonly durationSeconds: number;
}

/** A plain key that is to be known here, so that the revocation list can name it. */
export interface SshKeyRequest extends IssuanceRequest {
  readonly spki: Uint8Array;
  readonly durationSeconds: number;
}

/** A line of an SSH authority's list: a certificate, or a plain key that was enrolled. */
export interface SshLedgerEntry extends LedgerFacts {
  /** The certificate or the plain public key, as in the base64 of its line. */
  readonly blob: Uint8Array;
  /** The key of the authority that signed it; absent for a plain key. */
  readonly authority?: Uint8Array;
}

/** Signs OpenSSH certificates (PROTOCOL.certkeys) and revokes certificates and keys (PROTOCOL.krl). */
export interface SshAuthority extends Issuer<SshLedgerEntry> {
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  readonly certificateTypes: readonly SshCertificateType[];
  issue(request: SshCertificateRequest, signal: AbortSignal): Promise<IssueOutcome<SshLedgerEntry>>;
  /** Absent where the product cannot revoke plain keys. The serial number of a plain key is the hex SHA-256 of its blob. */
  enrol?(request: SshKeyRequest, signal: AbortSignal): Promise<SshLedgerEntry>;
  /** Public keys of the authority in SSH wire format, the newest first; all that still count. */
  authorities(type: SshCertificateType, signal: AbortSignal): Promise<readonly Uint8Array[]>;
  /** Key revocation list as `RevokedKeys` of sshd takes it. Absent where the product has none. */
  krl?(signal: AbortSignal): Promise<Uint8Array>;
}

export const TOKEN_FORMATS = ['jwt', 'opaque'] as const;
export type TokenFormat = (typeof TOKEN_FORMATS)[number];

/** What a request may say of a token, beside how long it is good. */
export const TOKEN_CLAIMS = ['subject', 'audience', 'scopes'] as const;
export type TokenClaim = (typeof TOKEN_CLAIMS)[number];

export interface TokenRequest extends IssuanceRequest {
  readonly format: TokenFormat;
  readonly subject: string;
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  readonly durationSeconds: number;
}

/** A line of a token issuer's list: never the token. */
export interface TokenLedgerEntry extends LedgerFacts {
  readonly format: TokenFormat;
  readonly subject: string;
  /** `iss` of a JWT (RFC 7519, 4.1.1). */
  readonly issuer: string;
  readonly notBefore: string;
  /** `tokenFingerprint` of the token. */
  readonly fingerprintSha256: string;
}

export interface IssuedToken extends TokenLedgerEntry {
  readonly token: Secret<string>;
}

export type TokenVerdict =
  | { readonly active: true; readonly entry: TokenLedgerEntry }
  | { readonly active: false; readonly why: string };

export interface TokenIssuer extends Issuer<TokenLedgerEntry> {
  readonly formats: readonly TokenFormat[];
  /** What it binds its tokens to; a request with audience or scopes that it could not bind is `invalid-request`. */
  readonly claims: readonly TokenClaim[];
  /** Whether it can show a token a second time. */
  readonly showsAgain: boolean;
  /**
   * A repeated request id answers with the same token; where the product cannot show it again, it ends that one and makes
   * another under the same request id.
   */
  issue(request: TokenRequest, signal: AbortSignal): Promise<IssueOutcome<IssuedToken>>;
  /**
   * Ends what an interrupted request left that `find` cannot answer: made, and its answer lost. For a request that is not
   * repeated; what `find` answers is revoked before. Absent where nothing can be left so.
   */
  abandon?(requestId: string, signal: AbortSignal): Promise<void>;
  /** Whether a presented token counts now, as RFC 7662 would tell it. */
  check(token: Secret<string>, signal: AbortSignal): Promise<TokenVerdict>;
  /** JSON Web Key Set (RFC 7517, 5) that verifies its JWTs. Absent where it makes none. */
  jwks?(signal: AbortSignal): Promise<string>;
}

export interface RegistrationRequest extends IssuanceRequest {
  readonly spiffeId: string;
  /** SPIFFE ID of the node or workload that attests it; left out: the registry's own node. */
  readonly parentId?: string;
  /** `type:value`, such as `k8s:ns:payments`; all must match. */
  readonly selectors: readonly string[];
  readonly dnsNames: readonly string[];
  readonly x509SvidTtlSeconds: number;
  readonly jwtSvidTtlSeconds: number;
  /** Trust domains whose bundles the workload gets besides its own, without `spiffe://`. */
  readonly federatesWith: readonly string[];
  /** Serial numbers of registrations that this one takes over from: the workload may have had another name here. */
  readonly replaces?: readonly string[];
}

export interface Registration extends LedgerFacts {
  readonly spiffeId: string;
  readonly parentId: string;
  readonly selectors: readonly string[];
}

/** What a workload presented: DER certificates, leaf first, or a JWT with the audience that it was presented to. */
export type PresentedSvid =
  | { readonly type: 'x509'; readonly chain: readonly Uint8Array[] }
  | { readonly type: 'jwt'; readonly token: Secret<string>; readonly audience: string };

export type SvidVerdict =
  | { readonly valid: true; readonly spiffeId: string; readonly notAfter: string }
  | { readonly valid: false; readonly spiffeId: string | null; readonly why: string };

/** Who may call itself what (SPIFFE). It registers workloads; their SVIDs are minted where they run. */
export interface WorkloadRegistry extends Issuer<Registration> {
  /** Without `spiffe://`. */
  readonly trustDomain: string;
  issue(request: RegistrationRequest, signal: AbortSignal): Promise<IssueOutcome<Registration>>;
  /** Against the bundle of the trust domain and the registrations that stand (X509-SVID 5, JWT-SVID 4). */
  verifySvid(svid: PresentedSvid, signal: AbortSignal): Promise<SvidVerdict>;
  /** SPIFFE trust bundle: a JSON Web Key Set with `use` x509-svid and jwt-svid. */
  bundle(signal: AbortSignal): Promise<string>;
}

export interface StoredKey {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly spki: Uint8Array;
  readonly createdAt: string;
  /** Since when it signs no more (`disable`); ISO 8601. */
  readonly disabled?: { readonly at: string; readonly reason: RevocationReason };
}

/** What a key is for (NIST SP 800-57 part 1, 5.1.1). */
export const KEY_USAGES = [
  'sign',
  'verify',
  'encrypt',
  'decrypt',
  'wrapKey',
  'unwrapKey',
  'deriveKey',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** Keys that are made here and never leave. */
export interface KeyStore {
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  readonly usages: readonly KeyUsage[];
  /** Reasons that `disable` takes; none where there is no `disable`. */
  readonly revocationReasons: readonly RevocationReason[];
  /** Idempotent by `keyId`: a key of that id and algorithm that exists is answered, of another algorithm is a `conflict`. */
  generate(keyId: string, algorithm: KeyAlgorithm, signal: AbortSignal): Promise<StoredKey>;
  find(keyId: string, signal: AbortSignal): Promise<StoredKey | undefined>;
  list(signal: AbortSignal): Promise<readonly StoredKey[]>;
  signer(keyId: string, signal: AbortSignal): Promise<Signer>;
  /**
   * From now on the key is used for nothing new, and stays for what it protected before (NIST SP 800-57 part 1, 7:
   * suspended, deactivated or compromised). Idempotent: the first time counts. Absent where the product cannot.
   */
  disable?(
    keyId: string,
    reason: RevocationReason,
    signal: AbortSignal,
  ): Promise<{ at: string; reason: RevocationReason }>;
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
  /**
   * Of the first public credential or token that stands there, what the record calls `fingerprintSha256`: hex SHA-256 of
   * a certificate's DER, an SSH certificate's or key's blob, a PEM public key's DER, or `tokenFingerprint`.
   */
  readonly credentialSha256?: string;
  /** Hex SHA-256 of the SPKI of the private key that stands there, if one does. */
  readonly privateKeySpkiSha256?: string;
  /** Why what stands there cannot be told, or not be trusted: a key store that its password does not open. */
  readonly locked?: string;
  /** As `snapshot` gives it, where it was read on the way. */
  readonly content?: Secret<Uint8Array>;
}

/** What only files have. */
export interface FileLayout {
  readonly keystore?: {
    readonly format: KeystoreFormat;
    readonly alias: string;
    /** Undefined: there is none yet. Reading says that it is locked then, and nothing can be delivered. */
    readonly password: Secret<string> | undefined;
  };
  /** `user` or `user:group`. */
  readonly owner?: string;
}

/** What stood at a place as an earlier version, or why it cannot be had any more. */
export type FormerVersion =
  | { readonly there: true; readonly content: Secret<Uint8Array>; readonly state: DeliveredState }
  | { readonly there: false; readonly why: string; readonly hint: string };

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
  /** The same places, laid out as files can be: every verb then works on that layout. Absent: it holds text alone. */
  withLayout?(layout: FileLayout): Target;
  /** What stood there as that version, for `restore`. Absent where nothing is kept of what was overwritten. */
  formerVersion?(path: string, version: string, signal: AbortSignal): Promise<FormerVersion>;
}
