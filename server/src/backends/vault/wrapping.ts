import { Secret } from '../../core/secret.ts';
import { formatInstant } from '../../core/text/instant.ts';
import type { BackendContext, Login, TakenLogin } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { garbage, openVaultClient, type VaultClient } from './client.ts';
import { authOf, type VaultConfig } from './configuration.ts';
import { loginTransport } from './loginTransport.ts';

/**
 * Secret zero that is handed over wrapped: a token that opens it once. Whoever opened it before us used that up, so it is
 * looked at first, opened exactly once, and not kept.
 */
interface Wrapped {
  /** The field that holds the wrapping token, and the one that the content takes the place of. */
  readonly given: string;
  readonly kept: string;
  readonly noun: string;
  readonly isMadeAt: (path: string, config: VaultConfig) => boolean;
  /** Where it should have been made, for a message. */
  readonly shown: (config: VaultConfig) => string;
}

const WRAPPED: readonly Wrapped[] = [
  {
    given: 'wrapped_secret_id',
    kept: 'secret_id',
    noun: 'secret id',
    isMadeAt: (path, config) => {
      const { mount, role } = authOf(config);
      const before = `auth/${mount}/role/`;
      const name = path.slice(before.length, -'/secret-id'.length);
      return (
        path.startsWith(before) &&
        path.endsWith('/secret-id') &&
        (role === undefined ? /^[^/]+$/.test(name) : name === role)
      );
    },
    shown: (config) => `auth/${authOf(config).mount}/role/${authOf(config).role ?? 'ROLE'}/secret-id`,
  },
  {
    given: 'wrapping_token',
    kept: 'token',
    noun: 'token',
    isMadeAt: (path) => /^auth\/token\/create(-orphan|\/[^/]+)?$/.test(path),
    shown: () => 'auth/token/create',
  },
];

/** What is kept of a login that was given: one that came wrapped is opened. */
export async function takeVaultLogin(
  config: VaultConfig,
  context: Pick<BackendContext, 'name' | 'files'>,
  login: Login,
  signal: AbortSignal,
): Promise<TakenLogin> {
  const wrapped = WRAPPED.find(({ given }) => login.values[given] !== undefined);
  const token = wrapped && login.values[wrapped.given];
  if (wrapped === undefined || token === undefined) return { login };
  const { name } = context;
  const transport = await loginTransport(config, context);
  try {
    const client = openVaultClient(name, transport);
    const trimmed = token.map((text) => text.trim());
    const told = await look(client, config, name, wrapped, trimmed, signal);
    const { content, accessor } = await unwrap(client, config, name, wrapped, trimmed, signal);
    const { [wrapped.given]: _given, ...values } = login.values;
    const known = accessor === undefined ? '' : ` (accessor ${accessor})`;
    return {
      login: { ...login, values: { ...values, [wrapped.kept]: content } },
      told: `The ${wrapped.noun}${known} was unwrapped; ${told}.`,
      ifRefused: `The ${wrapped.noun}${known} was unwrapped and is not kept: have it revoked, and ask for a new one.`,
    };
  } finally {
    transport.close();
  }
}

/** Before it is opened: where was it made? One that somebody opened and wrapped again says another path. */
async function look(
  client: VaultClient,
  config: VaultConfig,
  name: string,
  wrapped: Wrapped,
  token: Secret<string>,
  signal: AbortSignal,
): Promise<string> {
  const path = 'sys/wrapping/lookup';
  const { namespace } = config;
  const answer = await client
    .write(path, { token: token.reveal() }, { namespace, repeatable: true }, signal)
    .catch((error: unknown) => {
      throw isRefusal(error) ? dead(name, wrapped, error) : error;
    });
  const { creation_path: made, creation_time: time, creation_ttl: ttl } = answer?.data ?? {};
  if (typeof made !== 'string') throw garbage(name, path);
  const at =
    typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? formatInstant(time) : 'an unknown time';
  const told = `it was wrapped at ${at} for ${typeof ttl === 'number' ? ttl : 'an unknown number of'} seconds`;
  const prefix = namespace === undefined ? '' : `${namespace}/`;
  const within = made.startsWith(prefix) ? made.slice(prefix.length) : made;
  if (wrapped.isMadeAt(made, config) || wrapped.isMadeAt(within, config)) return told;
  throw new BackendError({
    kind: 'unauthenticated',
    what: `what was given to ${name} was wrapped by ${printable(made)}, not by ${wrapped.shown(config)}: ${told}. Somebody may have opened the ${wrapped.noun} and wrapped it again; it was not unwrapped here`,
    hint: `ask who made it; unless they wrapped it so themselves, ${REVOKE[wrapped.kept] ?? ''}, and ask for a new one`,
  });
}

const REVOKE: Readonly<Record<string, string>> = {
  secret_id:
    'have the secret id revoked by its accessor (wrapped_accessor of the answer that made it; auth/MOUNT/role/ROLE/secret-id-accessor/destroy)',
  token:
    'have the token revoked by its accessor (wrapped_accessor of the answer that made it; auth/token/revoke-accessor)',
};

async function unwrap(
  client: VaultClient,
  config: VaultConfig,
  name: string,
  wrapped: Wrapped,
  token: Secret<string>,
  signal: AbortSignal,
): Promise<{ readonly content: Secret<string>; readonly accessor: string | undefined }> {
  const path = 'sys/wrapping/unwrap';
  const { namespace } = config;
  const answer = await client
    .write(path, {}, { namespace, token, repeatable: false }, signal)
    .catch((error: unknown) => {
      if (isRefusal(error)) throw dead(name, wrapped, error);
      throw error instanceof BackendError && error.mayHaveActed ? lost(name, wrapped, error) : error;
    });
  const isToken = wrapped.kept === 'token';
  const content = isToken ? answer?.auth?.['client_token'] : answer?.data['secret_id'];
  const accessor = isToken ? answer?.auth?.['accessor'] : answer?.data['secret_id_accessor'];
  if (typeof content === 'string' && content !== '')
    return {
      content: new Secret(content),
      accessor: typeof accessor === 'string' ? printable(accessor) : undefined,
    };
  throw new BackendError({
    kind: 'invalid-request',
    what: `what was wrapped for ${name} is no ${wrapped.noun}`,
    hint: `ask for a wrapped ${wrapped.noun}: it comes from ${wrapped.shown(config)}`,
  });
}

/** Used already, ended, or of another server: these look the same. */
function dead(name: string, wrapped: Wrapped, cause: unknown): BackendError {
  return new BackendError({
    kind: 'unauthenticated',
    what: `the wrapping token given for ${name} does not count: it was used already, has ended, or is of another server or namespace. If it was used and not by you, somebody else has the ${wrapped.noun}`,
    hint: `ask who made it and when it was to end; if it was used, ${REVOKE[wrapped.kept] ?? ''}, and ask for a new one`,
    cause,
  });
}

function lost(name: string, wrapped: Wrapped, cause: unknown): BackendError {
  return new BackendError({
    kind: 'unreachable',
    what: `the answer of ${name} was lost while the ${wrapped.noun} was unwrapped, so the wrapping token may be used up`,
    hint: `${REVOKE[wrapped.kept] ?? ''}, and ask for a new one`,
    cause,
    mayHaveActed: true,
  });
}

function isRefusal(error: unknown): error is BackendError {
  return (
    error instanceof BackendError &&
    ['forbidden', 'unauthenticated', 'invalid-request', 'not-found'].includes(error.kind) &&
    !error.what.includes('namespace not found')
  );
}

/** A server's words go to a terminal. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '?').slice(0, 200);
}
