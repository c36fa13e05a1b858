import type { KeyAlgorithm } from '../../../core/credential/keyAlgorithm.ts';
import { CLASSICAL_KEY_ALGORITHMS } from '../../../core/credential/keyAlgorithm.ts';
import type { CertificateUsage } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import type { VaultAnswer } from '../client.ts';
import { apiPath } from '../paths.ts';
import type { Vault } from '../session.ts';

/** What a role of the pki engine lets through, as far as it decides before the server is asked. */
export interface PkiRole {
  readonly usages: readonly CertificateUsage[];
  readonly keyAlgorithms: readonly KeyAlgorithm[];
  /** Keys that it makes itself and gives out. */
  readonly serviceKeyAlgorithms: readonly KeyAlgorithm[];
  /** It makes keys of any type: the call says which. Vault wants a role of one type for that; OpenBao takes both. */
  readonly asksForKeyType: boolean;
  /** Seconds. */
  readonly maximumTtl: number;
  /** By how many seconds certificates are dated back. */
  readonly notBefore: number;
  /** Names come from the certificate request, not from the call. */
  readonly usesCsrNames: boolean;
  readonly usesCsrCommonName: boolean;
  readonly requiresCommonName: boolean;
  readonly allowsIpAddresses: boolean;
  /** What it issues can be found and revoked later. */
  readonly stores: boolean;
  /** Which of the mount's issuers signs. */
  readonly issuer: string;
  /** What the server's clock said, in milliseconds; undefined where it does not say. */
  readonly serverTime: number | undefined;
}

export interface PkiPlace {
  readonly mount: string;
  readonly role: string;
}

/** The maximum of a mount that says none: the server's own default, 768 hours. */
const DEFAULT_MAXIMUM = 768 * 3600;
const KEY_TYPES: Readonly<Record<string, readonly KeyAlgorithm[]>> = {
  ec: ['ECDSA-P256', 'ECDSA-P384', 'ECDSA-P521'],
  rsa: ['RSA-2048', 'RSA-3072', 'RSA-4096'],
  ed25519: ['Ed25519'],
  any: CLASSICAL_KEY_ALGORITHMS,
};
const USAGE_FLAGS = [
  ['server_flag', 'serverAuth'],
  ['client_flag', 'clientAuth'],
  ['code_signing_flag', 'codeSigning'],
  ['email_protection_flag', 'emailProtection'],
] as const;
const USAGE_NAMES: Readonly<Record<string, CertificateUsage>> = {
  serverauth: 'serverAuth',
  clientauth: 'clientAuth',
  codesigning: 'codeSigning',
  emailprotection: 'emailProtection',
  timestamping: 'timeStamping',
  ocspsigning: 'ocspSigning',
};

/** Throws `not-found` when there is no such role. `longest`: what the mount itself gives, in seconds. */
export async function readPkiRole(
  vault: Vault,
  { mount, role }: PkiPlace,
  longest: number,
  signal: AbortSignal,
): Promise<PkiRole> {
  const answer = await vault.read(apiPath(mount, 'roles', role), signal);
  if (answer === undefined)
    throw new BackendError({
      kind: 'not-found',
      what: `${vault.name} has no role ${role} in its pki engine at ${mount}`,
      hint: 'correct spec.pki.role, or have the role made',
    });
  const { data } = answer;
  const flag = (name: string): boolean => data[name] === true;
  const usages = new Set<CertificateUsage>();
  for (const [name, usage] of USAGE_FLAGS) if (flag(name)) usages.add(usage);
  for (const name of textList(data['ext_key_usage'])) {
    const usage = USAGE_NAMES[name.toLowerCase()];
    if (usage !== undefined) usages.add(usage);
  }
  const own = data['max_ttl'];
  return {
    usages: [...usages],
    keyAlgorithms: keyAlgorithmsOf(data),
    serviceKeyAlgorithms: serviceKeyAlgorithmsOf(data),
    asksForKeyType: data['key_type'] === 'any',
    maximumTtl: typeof own === 'number' && own > 0 ? Math.min(own, longest) : longest,
    notBefore: typeof data['not_before_duration'] === 'number' ? data['not_before_duration'] : 30,
    usesCsrNames: flag('use_csr_sans'),
    usesCsrCommonName: flag('use_csr_common_name'),
    requiresCommonName: flag('require_cn'),
    allowsIpAddresses: flag('allow_ip_sans'),
    stores: !flag('no_store'),
    issuer:
      typeof data['issuer_ref'] === 'string' && data['issuer_ref'] !== '' ? data['issuer_ref'] : 'default',
    serverTime: serverTimeIn(answer),
  };
}

function serverTimeIn({ headers }: VaultAnswer): number | undefined {
  const time = Date.parse(headers['date'] ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/**
 * Longest validity that a mount gives, in seconds. Whoever may use anything of a mount may read this; for anybody else the
 * server's default is assumed, and the server says no itself.
 */
export async function readMountMaximum(vault: Vault, mount: string, signal: AbortSignal): Promise<number> {
  const path = apiPath('sys/internal/ui/mounts', mount);
  const answer = await vault.read(path, signal).catch((error: unknown) => {
    if (error instanceof BackendError && (error.kind === 'forbidden' || error.kind === 'unsupported'))
      return undefined;
    throw error;
  });
  const config = answer?.data['config'];
  const maximum =
    typeof config === 'object' && config !== null && 'max_lease_ttl' in config
      ? config.max_lease_ttl
      : undefined;
  return typeof maximum === 'number' && maximum > 0 ? maximum : DEFAULT_MAXIMUM;
}

function keyAlgorithmsOf(data: Readonly<Record<string, unknown>>): readonly KeyAlgorithm[] {
  const { key_type: type, key_bits: bits } = data;
  const algorithms = KEY_TYPES[typeof type === 'string' ? type : ''] ?? [];
  // The smallest size that is allowed; 0 leaves it to the server, which takes each of these.
  if (type === 'any' || typeof bits !== 'number' || bits === 0) return algorithms;
  return algorithms.filter(
    (name) => Number(/\d+$/.exec(name.replace('ECDSA-P', ''))?.[0] ?? 0) >= bits || name === 'Ed25519',
  );
}

/** The size that the role names is the size of the keys that it makes, and no lower bound; 0: the server's default. */
function serviceKeyAlgorithmsOf(data: Readonly<Record<string, unknown>>): readonly KeyAlgorithm[] {
  const { key_type: type, key_bits: bits } = data;
  if (type === 'any') return CLASSICAL_KEY_ALGORITHMS;
  const [first, ...rest] = KEY_TYPES[typeof type === 'string' ? type : ''] ?? [];
  if (first === undefined) return [];
  if (rest.length === 0 || typeof bits !== 'number' || bits === 0) return [first];
  return [first, ...rest].filter((name) => name.endsWith(String(bits)));
}

function textList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
