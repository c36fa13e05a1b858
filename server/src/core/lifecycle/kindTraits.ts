import { type IdentityKind, isIdentityKind } from '../identity/identityId.ts';
import type { Verb } from './plan.ts';

/** In what the lifecycles of the kinds differ; everything else of it is one engine. */
export interface KindTraits {
  /** Role of the backend that makes it. */
  readonly role: 'CertificateAuthority' | 'KeyStore' | 'SshAuthority' | 'TokenIssuer' | 'WorkloadRegistry';
  /** Field of `spec` that names that backend. */
  readonly issuerField: 'issuer' | 'store' | 'registry';
  readonly one: string;
  readonly many: string;
  /** Where neither manifest nor issuer says how long; null: it has no end. */
  readonly defaultDurationSeconds: number | null;
  /**
   * What becomes of the former one once the new one is in use. It lapses by its own date where relying parties check that
   * date against a key that nobody else has; what a bearer can use for years, or without a key, is revoked.
   */
  readonly former: 'lapses' | 'revoked' | 'key-destroyed';
  /**
   * Whether it says itself when it ends. What does not, such as a key in `authorized_keys`, goes on being accepted after the
   * declared end until it is revoked.
   */
  readonly endsByItself: boolean;
  /** What is offered for it. Where a renewal could keep nothing it is a rotation, and only that is offered. */
  readonly verbs: readonly Verb[];
}

const DAY = 86_400;

const TRAITS: Readonly<Record<IdentityKind, KindTraits>> = {
  Certificate: {
    role: 'CertificateAuthority',
    issuerField: 'issuer',
    one: 'certificate',
    many: 'certificates',
    // What public authorities will allow at most from 2029 on.
    defaultDurationSeconds: 47 * DAY,
    former: 'lapses',
    endsByItself: true,
    verbs: ['issue', 'renew', 'rotate', 'restore', 'revoke', 'verify', 'destroy'],
  },
  SshCertificate: {
    role: 'SshAuthority',
    issuerField: 'issuer',
    one: 'SSH certificate',
    many: 'SSH certificates',
    defaultDurationSeconds: 30 * DAY,
    former: 'lapses',
    endsByItself: true,
    verbs: ['issue', 'renew', 'rotate', 'restore', 'revoke', 'verify', 'destroy'],
  },
  SshKey: {
    role: 'SshAuthority',
    issuerField: 'issuer',
    one: 'SSH key',
    many: 'SSH keys',
    defaultDurationSeconds: 365 * DAY,
    former: 'revoked',
    endsByItself: false,
    verbs: ['issue', 'rotate', 'restore', 'revoke', 'verify', 'destroy'],
  },
  Key: {
    role: 'KeyStore',
    issuerField: 'store',
    one: 'key',
    many: 'keys',
    // NIST SP 800-57 part 1, 5.3.6: one to three years for a private signature key.
    defaultDurationSeconds: 365 * DAY,
    former: 'key-destroyed',
    endsByItself: false,
    verbs: ['issue', 'rotate', 'restore', 'revoke', 'verify', 'destroy'],
  },
  Token: {
    role: 'TokenIssuer',
    issuerField: 'issuer',
    one: 'token',
    many: 'tokens',
    defaultDurationSeconds: 90 * DAY,
    former: 'revoked',
    endsByItself: true,
    verbs: ['issue', 'rotate', 'restore', 'revoke', 'verify', 'destroy'],
  },
  Workload: {
    role: 'WorkloadRegistry',
    issuerField: 'registry',
    one: 'registration',
    many: 'registrations',
    defaultDurationSeconds: null,
    former: 'revoked',
    endsByItself: false,
    verbs: ['issue', 'renew', 'revoke', 'verify'],
  },
};

/** Undefined for what is no identity. */
export function traitsOf(kind: string): KindTraits | undefined {
  return isIdentityKind(kind) ? TRAITS[kind] : undefined;
}

/** What one is called in a sentence; a record may name a kind that a newer version knows. */
export function nounOf(kind: string): string {
  return traitsOf(kind)?.one ?? 'credential';
}

/** `one certificate`, `3 certificates`. */
export function countOf(kind: string, count: number): string {
  const { one, many } = traitsOf(kind) ?? { one: 'credential', many: 'credentials' };
  return count === 1 ? `one ${one}` : `${count} ${many}`;
}
