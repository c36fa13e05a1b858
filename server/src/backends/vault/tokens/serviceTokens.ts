import { formatIdentity } from '../../../core/identity/identityId.ts';
import { Secret } from '../../../core/secret.ts';
import { formatDuration } from '../../../core/text/duration.ts';
import type { TokenRequest } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import type { Need } from '../capabilities.ts';
import { garbage } from '../client.ts';
import type { TokenPlace } from '../configuration.ts';
import { apiPath } from '../paths.ts';
import { readMountMaximum } from '../pki/role.ts';
import type { Vault } from '../session.ts';
import type { MadeToken, TokenSource } from './source.ts';

/** How long a token lives whose accessor is not noted yet: after an interruption nobody could find it. */
const UNNOTED_SECONDS = 60;
/** What rounding and the calls in between may take from a token's life. */
const LEEWAY_SECONDS = 10;

/**
 * Service tokens of a token role. The server lists them to nobody but root, so a token begins with a minute to live and
 * gets its whole life by its accessor, once that is noted: what an interruption leaves behind ends by itself.
 */
export function serviceTokens(vault: Vault, { role }: TokenPlace): TokenSource {
  const path = apiPath('auth/token/roles', role);
  const refuse = (what: string, hint: string): BackendError =>
    new BackendError({
      kind: 'invalid-request',
      what: `the token role ${role} of ${vault.name} ${what}`,
      hint,
    });

  async function lookUp(
    accessor: string,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    try {
      const given = { repeatable: true };
      return (await vault.write('auth/token/lookup-accessor', { accessor }, signal, given))?.data;
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  }

  async function end(accessor: string, signal: AbortSignal): Promise<void> {
    try {
      await vault.write('auth/token/revoke-accessor', { accessor }, signal, { repeatable: true });
    } catch (error) {
      if (!isUnknown(error)) throw error;
    }
  }

  async function refused(accessor: string, what: string, hint: string, signal: AbortSignal): Promise<never> {
    await end(accessor, signal);
    throw refuse(what, hint);
  }

  return {
    noun: 'token',
    path,
    claims: ['subject', 'scopes'],
    needs: {
      issue: [
        { path, capabilities: ['read'] },
        ...[
          apiPath('auth/token/create', role),
          'auth/token/lookup-accessor',
          'auth/token/renew-accessor',
        ].map(updates),
      ],
      revoke: ['auth/token/lookup-accessor', 'auth/token/revoke-accessor'].map(updates),
      status: ['auth/token/lookup-accessor'].map(updates),
    },
    async role(signal) {
      const answer = await vault.read(path, signal);
      if (answer === undefined)
        throw new BackendError({
          kind: 'not-found',
          what: `${vault.name} has no token role ${role}`,
          hint: 'correct spec.tokens.role, or have the role made (auth/token/roles/NAME)',
        });
      const {
        orphan,
        renewable,
        token_type: type,
        token_period: period,
        token_explicit_max_ttl: longest,
        allowed_policies: policies,
        allowed_policies_glob: patterns,
      } = answer.data;
      if (orphan !== true)
        throw refuse('makes tokens that end with the login that made them', 'have it set to orphan=true');
      if (type !== 'service' && type !== 'default-service')
        throw refuse('makes batch tokens, which nobody can revoke', 'have it set to token_type=service');
      if (renewable !== true)
        throw refuse('makes tokens that cannot be renewed', 'have it set to renewable=true');
      if (typeof period === 'number' && period > 0)
        throw refuse('makes tokens without an end', 'have it set to token_period=0');
      const most = await readMountMaximum(vault, 'auth/token', signal);
      return {
        maximumDurationSeconds: typeof longest === 'number' && longest > 0 ? Math.min(longest, most) : most,
        // Without any of its own it would hand on the policies of our login.
        needsScopes: isEmpty(policies) || !isEmpty(patterns),
      };
    },
    async make({ identity, subject, scopes, durationSeconds }, _mark, signal): Promise<MadeToken> {
      const at = apiPath('auth/token/create', role);
      const answer = await vault.write(
        at,
        {
          ttl: `${Math.min(UNNOTED_SECONDS, durationSeconds)}s`,
          explicit_max_ttl: `${durationSeconds}s`,
          renewable: true,
          display_name: identity.name,
          meta: { identity: formatIdentity(identity), subject },
          ...(scopes.length === 0
            ? {}
            : { policies: scopes, no_default_policy: !scopes.includes('default') }),
        },
        signal,
      );
      const { client_token: token, accessor, policies } = answer?.auth ?? {};
      if (typeof token !== 'string' || token === '' || typeof accessor !== 'string' || accessor === '')
        throw garbage(vault.name, at, true);
      if (scopes.length > 0 && !sameSet(policies, scopes))
        await refused(
          accessor,
          'gives other policies than spec.scopes names',
          'correct spec.scopes, or the allowed_policies of the role',
          signal,
        );
      const created = (await lookUp(accessor, signal))?.['creation_time'];
      if (typeof created !== 'number') throw garbage(vault.name, 'auth/token/lookup-accessor', true);
      return {
        accessor,
        token: new Secret(token),
        issuedAt: new Date(created * 1000).toISOString(),
        notAfter: new Date((created + durationSeconds) * 1000).toISOString(),
      };
    },
    async settle({ accessor }, { durationSeconds }, signal) {
      const increment = `${durationSeconds}s`;
      const given = { repeatable: true };
      const answer = await vault.write('auth/token/renew-accessor', { accessor, increment }, signal, given);
      const seconds = answer?.auth?.['lease_duration'];
      if (typeof seconds !== 'number') throw garbage(vault.name, 'auth/token/renew-accessor', true);
      if (seconds < durationSeconds - LEEWAY_SECONDS)
        await refused(
          accessor,
          `gives at most ${formatDuration(seconds)}`,
          'declare a shorter spec.duration, or have the max_lease_ttl of auth/token raised',
          signal,
        );
    },
    endUnnoted: async () => undefined,
    end,
    counts: async (accessor, signal) => (await lookUp(accessor, signal)) !== undefined,
  };
}

function updates(path: string): Need {
  return { path, capabilities: ['update'] };
}

/** OpenBao answers 400, Vault 403, with these words. */
function isUnknown(error: unknown): boolean {
  return error instanceof BackendError && /invalid accessor|failed to find accessor/.test(error.what);
}

function isEmpty(list: unknown): boolean {
  return !Array.isArray(list) || list.length === 0;
}

function sameSet(given: unknown, wanted: TokenRequest['scopes']): boolean {
  const set = new Set(Array.isArray(given) ? given : []);
  return set.size === new Set(wanted).size && wanted.every((each) => set.has(each));
}
