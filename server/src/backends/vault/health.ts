import type { BackendContext, CertificateAuthority, Health } from '../contract.ts';
import { BackendError } from '../errors.ts';
import type { VaultConfig } from './configuration.ts';
import type { Vault } from './session.ts';

type Check = Health['checks'][number];

/** Clocks that differ by more than this make certificates that are not valid yet, or logins that end too soon. */
const MOST_SKEW = 60_000;

/** Connection, login and posture; read-only. */
export async function vaultHealth(
  context: BackendContext,
  config: VaultConfig,
  vault: Vault,
  authority: CertificateAuthority | undefined,
  signal: AbortSignal,
): Promise<Health> {
  const checks = [
    ...(await attempt('server', () => serverChecks(context, vault, signal))),
    ...(await attempt('login', () => loginChecks(vault, signal))),
    ...(config.pki === undefined || authority === undefined
      ? []
      : await attempt('pki', () => authorityChecks(authority, signal))),
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
  const { version, sealed, initialized, server_time_utc: time } = answer?.body ?? {};
  const what = 'server';
  if (initialized === false)
    return [
      { what, ok: false, detail: 'it was never initialized', hint: 'initialize it (`bao operator init`)' },
    ];
  if (sealed !== false)
    return [{ what, ok: false, detail: 'it is sealed', hint: 'have it unsealed (`bao operator unseal`)' }];
  const skew = typeof time === 'number' ? clock.now().getTime() - time * 1000 : 0;
  return [
    { what, ok: true, detail: `version ${typeof version === 'string' ? version : 'unknown'}, unsealed` },
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

async function loginChecks(vault: Vault, signal: AbortSignal): Promise<readonly Check[]> {
  const { policies, expiresAt, displayName } = await vault.token(signal);
  const who = `${displayName}, policies ${policies.join(', ')}`;
  if (policies.includes('root'))
    return [
      {
        what: 'login',
        ok: false,
        detail: 'it is the root token, which may do everything',
        hint: 'log in with a policy of its own; docs/backends/vault.md has the smallest one',
      },
    ];
  return [
    { what: 'login', ok: true, detail: who },
    expiresAt === undefined
      ? {
          what: 'end of the login',
          ok: false,
          detail: 'it has none: whoever finds it can use it for ever',
          hint: 'use a token with a period or an end, or AppRole',
        }
      : { what: 'end of the login', ok: true, detail: `set by the server, and renewed before it` },
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

function ledgerChecks({ ledger, pki, ssh }: VaultConfig): readonly Check[] {
  if (pki === undefined && ssh === undefined) return [];
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
