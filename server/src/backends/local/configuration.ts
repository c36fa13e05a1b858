import type { ClassicalKeyAlgorithm, KeyAlgorithm } from '../../core/credential/keyAlgorithm.ts';
import { trustDomainProblem } from '../../core/credential/spiffe/spiffeId.ts';
import { parseDuration } from '../../core/text/duration.ts';
import { BackendError } from '../errors.ts';

/** The fields of `spec` that belong to this type, as config.schema.json admits them. */
export interface LocalConfig {
  readonly store?: string;
  readonly authority?: {
    readonly commonName?: string;
    readonly organization?: string;
    readonly keyAlgorithm?: KeyAlgorithm;
    readonly keyStore?: string;
    readonly maximumDuration?: string;
    readonly defaultDuration?: string;
    readonly crl?: { readonly path?: string; readonly url?: string; readonly lifetime?: string };
    readonly ocsp?: { readonly url?: string; readonly lifetime?: string };
    readonly issuerCertificate?: { readonly path?: string; readonly url?: string };
    readonly publish?: { readonly roots?: string; readonly chain?: string };
  };
  readonly ssh?: {
    readonly keyAlgorithm?: ClassicalKeyAlgorithm;
    readonly maximumDuration?: string;
    readonly defaultDuration?: string;
    readonly krl?: { readonly path?: string };
    readonly publish?: {
      readonly userAuthorities?: string;
      readonly hostAuthorities?: string;
      readonly hostPatterns?: readonly string[];
    };
  };
  readonly tokens?: {
    readonly issuer?: string;
    readonly keyAlgorithm?: ClassicalKeyAlgorithm;
    readonly maximumDuration?: string;
    readonly defaultDuration?: string;
    readonly publish?: { readonly jwks?: string; readonly revoked?: string };
  };
  readonly workloads?: {
    readonly trustDomain?: string;
    readonly publish?: { readonly bundle?: string };
  };
}

/** The same with defaults filled in and durations in seconds. */
export interface AuthoritySettings {
  readonly commonName: string;
  readonly organization: string | undefined;
  readonly keyAlgorithm: KeyAlgorithm;
  /** Backend that keeps the keys of the CAs; undefined: they are sealed here. */
  readonly keyStore: string | undefined;
  readonly maximumDurationSeconds: number;
  readonly defaultDurationSeconds: number | undefined;
  readonly rootSeconds: number;
  readonly issuingSeconds: number;
  readonly crl: {
    readonly path: string | undefined;
    readonly url: string | undefined;
    readonly lifetimeSeconds: number;
  };
  readonly ocsp: { readonly url: string | undefined; readonly lifetimeSeconds: number };
  readonly issuerCertificate: { readonly path: string | undefined; readonly url: string | undefined };
  readonly publish: { readonly roots: string | undefined; readonly chain: string | undefined };
}

/** The same for SSH certificates. */
export interface SshSettings {
  readonly keyAlgorithm: ClassicalKeyAlgorithm;
  readonly maximumDurationSeconds: number;
  readonly defaultDurationSeconds: number | undefined;
  readonly krl: { readonly path: string | undefined };
  readonly publish: {
    readonly userAuthorities: string | undefined;
    readonly hostAuthorities: string | undefined;
    readonly hostPatterns: readonly string[];
  };
}

/** The same for tokens. */
export interface TokenSettings {
  readonly issuer: string;
  readonly keyAlgorithm: ClassicalKeyAlgorithm;
  readonly maximumDurationSeconds: number;
  readonly defaultDurationSeconds: number | undefined;
  readonly publish: { readonly jwks: string | undefined; readonly revoked: string | undefined };
}

export interface WorkloadSettings {
  /** Without `spiffe://`. */
  readonly trustDomain: string;
  readonly publish: { readonly bundle: string | undefined };
}

const YEAR = 365 * 86_400;
/** What the longest of a CA's names adds to the common name must fit into the 64 characters of RFC 5280, A.1. */
const LONGEST_NAME = 40;

export function authoritySettings(name: string, config: LocalConfig): AuthoritySettings {
  const authority = config.authority ?? {};
  const { commonName, organization, keyAlgorithm, keyStore, crl, ocsp, issuerCertificate, publish } =
    authority;
  const maximumDurationSeconds = seconds('authority.maximumDuration', authority.maximumDuration ?? '398d');
  const defaultDurationSeconds =
    authority.defaultDuration === undefined
      ? undefined
      : seconds('authority.defaultDuration', authority.defaultDuration);
  return {
    commonName: commonName ?? name.slice(0, LONGEST_NAME),
    organization,
    keyAlgorithm: keyAlgorithm ?? 'ECDSA-P256',
    keyStore,
    maximumDurationSeconds,
    defaultDurationSeconds,
    // An issuing CA signs full-length leaves for at least half its life, and the root outlives several of them.
    issuingSeconds: Math.max(3 * YEAR, 2 * maximumDurationSeconds),
    rootSeconds: Math.max(20 * YEAR, 8 * maximumDurationSeconds),
    crl: {
      path: crl?.path,
      url: crl?.url,
      lifetimeSeconds: seconds('authority.crl.lifetime', crl?.lifetime ?? '7d'),
    },
    ocsp: { url: ocsp?.url, lifetimeSeconds: seconds('authority.ocsp.lifetime', ocsp?.lifetime ?? '1d') },
    issuerCertificate: { path: issuerCertificate?.path, url: issuerCertificate?.url },
    publish: { roots: publish?.roots, chain: publish?.chain },
  };
}

export function sshSettings({ ssh = {} }: LocalConfig): SshSettings {
  const { keyAlgorithm, maximumDuration, defaultDuration, krl, publish } = ssh;
  return {
    keyAlgorithm: keyAlgorithm ?? 'Ed25519',
    maximumDurationSeconds: seconds('ssh.maximumDuration', maximumDuration ?? '90d'),
    defaultDurationSeconds:
      defaultDuration === undefined ? undefined : seconds('ssh.defaultDuration', defaultDuration),
    krl: { path: krl?.path },
    publish: {
      userAuthorities: publish?.userAuthorities,
      hostAuthorities: publish?.hostAuthorities,
      hostPatterns: publish?.hostPatterns ?? ['*'],
    },
  };
}

export function tokenSettings(name: string, { tokens = {} }: LocalConfig): TokenSettings {
  const { issuer, keyAlgorithm, maximumDuration, defaultDuration, publish } = tokens;
  return {
    issuer: issuer ?? `idac:local/${name}`,
    keyAlgorithm: keyAlgorithm ?? 'ECDSA-P256',
    maximumDurationSeconds: seconds('tokens.maximumDuration', maximumDuration ?? '90d'),
    defaultDurationSeconds:
      defaultDuration === undefined ? undefined : seconds('tokens.defaultDuration', defaultDuration),
    publish: { jwks: publish?.jwks, revoked: publish?.revoked },
  };
}

/** The default lies under `internal`, which no public registry will ever give to anybody. */
export function workloadSettings(name: string, { workloads = {} }: LocalConfig): WorkloadSettings {
  const trustDomain = workloads.trustDomain ?? `${name}.internal`;
  const problem = trustDomainProblem(trustDomain);
  if (problem !== undefined)
    throw new BackendError({
      kind: 'invalid-request',
      what: `spec.workloads.trustDomain is "${trustDomain}", which is no trust domain: ${problem}`,
      hint: 'write it without spiffe://, such as example.com',
    });
  return { trustDomain, publish: { bundle: workloads.publish?.bundle } };
}

function seconds(field: string, text: string): number {
  const value = parseDuration(text);
  if (value !== undefined) return value;
  throw new BackendError({
    kind: 'invalid-request',
    what: `spec.${field} is "${text}", which is no duration`,
    hint: 'write it as 90d, 12h or 1d12h',
  });
}
