import { formatDuration } from '../../core/text/duration.ts';
import { formatDay, formatInstant } from '../../core/text/instant.ts';
import type { BackendContext, CertificateAuthority, Health } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { authOf, type VaultConfig } from './configuration.ts';
import { apiPath } from './paths.ts';
import {
  auditChecks,
  issuerChecks,
  serverCertificateChecks,
  transitChecks,
  transportChecks,
} from './posture.ts';
import type { Vault } from './session.ts';
import type { TokenSource } from './tokens/source.ts';

type Check = Health['checks'][number];

/** Clocks that differ by more than this make certificates that are not valid yet, or logins that end too soon. */
const MOST_SKEW = 60_000;

/** Connection, login and posture; read-only. */
export async function vaultHealth(
  context: BackendContext,
  config: VaultConfig,
  vault: Vault,
  {
    authority,
    source,
  }: { readonly authority: CertificateAuthority | undefined; readonly source: TokenSource | undefined },
  signal: AbortSignal,
): Promise<Health> {
  const { pki, transit } = config;
  const place = { mount: transit?.mount ?? 'transit', prefix: transit?.prefix ?? 'idac-' };
  const checks = [
    ...transportChecks(config),
    ...(await attempt('server', () => serverChecks(context, vault, signal))),
    ...serverCertificateChecks(context, vault),
    ...(await attempt('login', () => loginChecks(config, vault, signal))),
    ...(await attempt('audit', () => auditChecks(vault, config, signal))),
    ...(pki === undefined || authority === undefined
      ? []
      : [
          ...(await attempt('pki', () => authorityChecks(authority, signal))),
          ...(await attempt('issuer', () => issuerChecks(context, vault, pki.mount ?? 'pki', signal))),
        ]),
    ...(transit === undefined ? [] : await attempt('transit', () => transitChecks(vault, place, signal))),
    ...(source === undefined ? [] : await attempt('tokens', () => tokenChecks(source, signal))),
    ...ledgerChecks(config),
  ];
  return { ok: checks.every(({ ok }) => ok), checks };
}

/** A check that fails is told, and the others are made all the same. */
async function attempt(what: string, check: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof BackendError && error.kind !== 'interrupted')
      return [{ what, ok: false, detail: error.what, hint: error.hint }];
    throw error;
  }
}

async function serverChecks(
  { clock }: BackendContext,
  vault: Vault,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const answer = await vault.health(signal);
  const { version, sealed, initialized, standby, server_time_utc: time } = answer?.body ?? {};
  const what = 'server';
  if (initialized === false)
    return [
      { what, ok: false, detail: 'it was never initialized', hint: 'initialize it (`bao operator init`)' },
    ];
  if (sealed !== false)
    return [{ what, ok: false, detail: 'it is sealed', hint: 'have it unsealed (`bao operator unseal`)' }];
  if (answer?.status === 472)
    return [
      {
        what,
        ok: false,
        detail: 'it is a disaster-recovery secondary, which serves nothing',
        hint: 'name the primary in spec.address',
      },
    ];
  const theirs = typeof time === 'number' ? time * 1000 : Date.parse(answer?.headers['date'] ?? '');
  const skew = Number.isNaN(theirs) ? 0 : clock.now().getTime() - theirs;
  const role = standby === true ? ', a standby that asks the active one' : '';
  return [
    {
      what,
      ok: true,
      detail: `version ${typeof version === 'string' ? version : 'unknown'}, unsealed${role}`,
    },
    Math.abs(skew) <= MOST_SKEW
      ? { what: 'clock', ok: true, detail: 'agrees with the server to the minute' }
      : {
          what: 'clock',
          ok: false,
          detail: `the server is ${Math.round(Math.abs(skew) / 60_000)} minutes ${skew > 0 ? 'behind' : 'ahead'}`,
          hint: 'set the clock of this machine or of the server right: validity counts from it',
        },
  ];
}

async function loginChecks(
  config: VaultConfig,
  vault: Vault,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const { policies, expiresAt, displayName, madeAt, periodic, appRole } = await vault.token(signal);
  const isRoot = policies.includes('root');
  const end = 'end of the login';
  // With all other methods each run has a token of its own, which tells nothing of the login.
  const since =
    authOf(config).method === 'token' && madeAt !== undefined ? `, made on ${formatDay(madeAt)}` : '';
  return [
    isRoot
      ? {
          what: 'login',
          ok: false,
          detail: 'it is the root token, which may do everything',
          hint: 'log in with a policy of its own; docs/backends/vault.md has the smallest one',
        }
      : { what: 'login', ok: true, detail: `${displayName}, policies ${policies.join(', ')}${since}` },
    expiresAt === undefined
      ? {
          what: end,
          ok: false,
          detail: 'it has none: whoever finds it can use it for ever',
          hint: 'use a token with a period or an end, or AppRole',
        }
      : {
          what: end,
          ok: true,
          detail: periodic
            ? 'it is periodic: it ends once nobody renews it for its period'
            : since === ''
              ? 'set by the server, and renewed before it'
              : `${formatInstant(expiresAt)}, later where it can be renewed`,
        },
    ...(appRole === undefined ? [] : await secretIdChecks(config, vault, appRole, signal)),
  ];
}
/** Whether the secret ids of the role that was logged in by need end at all; nothing where the login may not see it. */
async function secretIdChecks(
  config: VaultConfig,
  vault: Vault,
  role: string,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const path = apiPath('auth', authOf(config).mount, 'role', role);
  const facts = await vault.read(path, signal).catch((error: unknown) => {
    if (error instanceof BackendError && error.kind === 'forbidden') return undefined;
    throw error;
  });
  const longest = facts?.data['secret_id_ttl'];
  if (typeof longest !== 'number') return [];
  const what = 'end of the secret id';
  return longest > 0
    ? [{ what, ok: true, detail: `after ${formatDuration(longest)} at most` }]
    : [
        {
          what,
          ok: false,
          detail: `the AppRole ${role} sets none: whoever finds one can use it for ever`,
          hint: 'have secret_id_ttl of the role set, and rotate the secret id in time (docs/backends/vault.md)',
        },
      ];
}

async function authorityChecks(
  authority: CertificateAuthority,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const roots = await authority.roots(signal);
  return [
    roots.length > 0
      ? { what: 'pki', ok: true, detail: 'its issuers and their root can be read' }
      : {
          what: 'pki',
          ok: false,
          detail: 'no root is known there: deliveries of `root` and checks of the chain lack it',
          hint: 'import the root into the mount (pki/issuers/import/cert)',
        },
  ];
}

async function tokenChecks(source: TokenSource, signal: AbortSignal): Promise<readonly Check[]> {
  const { maximumDurationSeconds } = await source.role(signal);
  const longest = formatDuration(maximumDurationSeconds);
  return [
    { what: 'tokens', ok: true, detail: `a ${source.noun} of ${source.path} lives ${longest} at most` },
  ];
}

function ledgerChecks({ ledger, pki, ssh, tokens }: VaultConfig): readonly Check[] {
  if (pki === undefined && ssh === undefined && tokens === undefined) return [];
  return [
    {
      what: 'ledger',
      ok: true,
      detail:
        ledger === undefined
          ? "in your user account's state folder: others do not see what you issued (spec.ledger shares it)"
          : `shared, in ${ledger.mount}/${ledger.folder}`,
    },
  ];
}
