import { X509Certificate } from 'node:crypto';
import { readJwt } from '../../core/credential/jwt/readJwt.ts';
import type { BackendContext, LoginFacts } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { authOf, type VaultConfig } from './configuration.ts';
import { loginValue } from './login.ts';
import { apiPath } from './paths.ts';
import type { TokenFacts, Vault } from './session.ts';

/** A date that Go writes for none. */
const NO_DATE = /^0001-/;

/**
 * When the login itself ends, not the token that a run got by it, and what it may use. No id of it, and no accessor: both
 * are half of a credential.
 */
export async function vaultLoginFacts(
  context: BackendContext,
  config: VaultConfig,
  vault: Vault,
  signal: AbortSignal,
): Promise<LoginFacts> {
  const token = await vault.token(signal);
  const { appRole, policies } = token;
  const reach = [
    ...(appRole === undefined ? [] : [`AppRole ${appRole}`]),
    ...policies.map((policy) => `policy ${policy}`),
  ];
  const end = await endOf(context, config, vault, token, signal);
  return { reach: [...new Set(reach)].sort(), ...end };
}

async function endOf(
  context: BackendContext,
  config: VaultConfig,
  vault: Vault,
  token: TokenFacts,
  signal: AbortSignal,
): Promise<Omit<LoginFacts, 'reach'>> {
  const { method, mount } = authOf(config);
  const login = await context.login(signal);
  if (login === undefined) return {};
  switch (method) {
    case 'token':
      return { expiresAt: token.expiresAt ?? null, renewable: token.periodic };
    case 'approle': {
      if (token.appRole === undefined) return {};
      const path = apiPath('auth', mount, 'role', token.appRole, 'secret-id/lookup');
      const body = { secret_id: loginValue(context.name, login, 'secret_id') };
      const answer = await vault.write(path, body, signal, { repeatable: true }).catch(unlessNotAllowed);
      const end = answer?.data['expiration_time'];
      if (typeof end !== 'string') return {};
      return { expiresAt: NO_DATE.test(end) ? null : new Date(end).toISOString() };
    }
    case 'cert': {
      const { validTo } = new X509Certificate(loginValue(context.name, login, 'certificate'));
      return { expiresAt: new Date(validTo).toISOString() };
    }
    case 'jwt':
    case 'kubernetes': {
      const read = readJwt(loginValue(context.name, login, 'jwt'));
      const end = read.ok ? read.jwt.claims['exp'] : undefined;
      return typeof end === 'number' ? { expiresAt: new Date(end * 1000).toISOString() } : {};
    }
    default:
      return method satisfies never;
  }
}

/** Most policies do not let a login look its own secret id up; then its end is not told. */
function unlessNotAllowed(error: unknown): undefined {
  if (error instanceof BackendError && ['forbidden', 'unsupported', 'invalid-request'].includes(error.kind))
    return undefined;
  throw error;
}
