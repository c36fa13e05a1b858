import type { Clock } from '../../core/ports.ts';
import { Secret } from '../../core/secret.ts';
import type { Login } from '../contract.ts';
import { BackendError, type BackendErrorKind } from '../errors.ts';
import { isRecord } from '../jsonFile.ts';
import {
  type CallOptions,
  garbage,
  type Listing,
  type RawBody,
  type VaultAnswer,
  type VaultClient,
} from './client.ts';
import { type AuthMethod, authOf, type VaultConfig } from './configuration.ts';
import { loginRequest, loginValue } from './login.ts';
import { apiPath } from './paths.ts';

/** How a server that has no such path may put it; a policy for the plain list alone is one more. */
const NOT_OFFERED: readonly BackendErrorKind[] = ['unsupported', 'not-found', 'forbidden', 'invalid-request'];

type Options = Omit<CallOptions, 'token' | 'namespace'>;

/** The same verbs as a client's, with the token of a login and in its namespace. */
export interface Vault {
  /** Of the backend, for messages. */
  readonly name: string;
  read(path: string, signal: AbortSignal, options?: Options): Promise<VaultAnswer | undefined>;
  list(path: string, signal: AbortSignal): Promise<readonly string[]>;
  /** OpenBao tells more of what it lists, below `detailed`; where that is not offered, names alone. */
  listWithDetails(path: string, signal: AbortSignal): Promise<Listing>;
  write(path: string, data: object, signal: AbortSignal, options?: Options): Promise<VaultAnswer | undefined>;
  remove(path: string, signal: AbortSignal): Promise<VaultAnswer | undefined>;
  raw(path: string, body: RawBody | undefined, signal: AbortSignal): Promise<Uint8Array>;
  /** Without login or namespace. */
  health(signal: AbortSignal): Promise<VaultAnswer | undefined>;
  token(signal: AbortSignal): Promise<TokenFacts>;
  /** Of the certificate that the server showed on the last connection; ISO 8601. Absent, or undefined, without TLS. */
  serverCertificateEnd?(): string | undefined;
  /** Ends the token, where it was made by logging in here. */
  close(): Promise<void>;
}

/** What the server says about the token in use. */
export interface TokenFacts {
  readonly policies: readonly string[];
  /** ISO 8601; undefined: it has no end. */
  readonly expiresAt: string | undefined;
  readonly displayName: string;
  /** ISO 8601; undefined where the server does not tell. */
  readonly madeAt: string | undefined;
  /** Its end is put off each time that it is renewed, without limit. */
  readonly periodic: boolean;
  /** The AppRole that it was made by. */
  readonly appRole: string | undefined;
}

interface Held {
  readonly token: Secret<string>;
  /** Made by a login of ours: it is renewed, made anew and ended by us. */
  readonly own: boolean;
  readonly renewable: boolean;
  /** Milliseconds of the clock: from when on it is renewed. */
  readonly renewAt: number;
  /** When it ends; a clock that is set wrong costs one more login. */
  readonly endsAt: number;
}

/** A login that takes longer than this is given up. */
const LOGIN_MILLISECONDS = 30_000;
const CLOSE_MILLISECONDS = 2_000;
/** What is left of a token's life when it is renewed. */
const RENEW_SHARE = 1 / 3;

export function openSession(
  client: VaultClient,
  config: VaultConfig,
  {
    name,
    login,
    clock,
  }: {
    readonly name: string;
    readonly login: (signal: AbortSignal) => Promise<Login>;
    readonly clock: Clock;
  },
): Vault {
  const auth = authOf(config);
  const inNamespace = { namespace: config.namespace };
  let held: Held | undefined;
  let opening: Promise<Held> | undefined;

  /** One login for all who wait for it; it goes on when one of them gives up. */
  function shared(work: (signal: AbortSignal) => Promise<Held>, signal: AbortSignal): Promise<Held> {
    opening ??= work(AbortSignal.timeout(LOGIN_MILLISECONDS)).then(
      (fresh) => {
        held = fresh;
        opening = undefined;
        return fresh;
      },
      (error: unknown) => {
        opening = undefined;
        throw error;
      },
    );
    return unlessAborted(opening, signal);
  }

  async function logIn(signal: AbortSignal): Promise<Held> {
    const given = await login(signal);
    if (auth.method === 'token') return givenToken(given, signal);
    const path = apiPath('auth', auth.mount, 'login');
    const request = loginRequest(name, given, auth.method, auth.role);
    const answer = await client
      .write(path, request, { ...inNamespace, repeatable: true }, signal)
      .catch((error: unknown) => {
        throw loginRefused(name, auth.method, auth.mount, error);
      });
    const token = answer?.auth?.['client_token'];
    if (typeof token !== 'string' || token === '') throw garbage(name, path);
    return heldFor(new Secret(token), true, answer?.auth ?? {});
  }

  async function givenToken(given: Login, signal: AbortSignal): Promise<Held> {
    const token = new Secret(loginValue(name, given, 'token'));
    const facts = await lookUp(token, signal);
    return heldFor(token, false, { renewable: facts['renewable'], lease_duration: facts['ttl'] });
  }

  async function lookUp(token: Secret<string>, signal: AbortSignal): Promise<VaultAnswer['data']> {
    const path = 'auth/token/lookup-self';
    const answer = await client.read(path, { ...inNamespace, token }, signal).catch((error: unknown) => {
      throw isRefusal(error) ? expired(name, error) : error;
    });
    if (answer === undefined) throw garbage(name, path);
    return answer.data;
  }

  async function renewed(before: Held, signal: AbortSignal): Promise<Held> {
    try {
      const options = { ...inNamespace, token: before.token, repeatable: true };
      const answer = await client.write('auth/token/renew-self', {}, options, signal);
      return heldFor(before.token, before.own, answer?.auth ?? {});
    } catch (error) {
      if (before.own) return logIn(signal);
      // It counts until its end all the same; whoever uses it then is told.
      if (isRefusal(error)) return { ...before, renewAt: before.endsAt };
      throw error;
    }
  }

  async function current(signal: AbortSignal): Promise<Held> {
    signal.throwIfAborted();
    const before = held;
    if (before === undefined) return shared(logIn, signal);
    const now = clock.now().getTime();
    if (now < before.renewAt) return before;
    if (before.own && (now >= before.endsAt || !before.renewable)) return shared(logIn, signal);
    return before.renewable ? shared((each) => renewed(before, each), signal) : before;
  }

  /** Calls with the token; a refusal that is the token's fault leads to one new login, for then nothing was done. */
  async function called<T>(call: (options: CallOptions) => Promise<T>, signal: AbortSignal): Promise<T> {
    const used = await current(signal);
    try {
      return await call({ ...inNamespace, token: used.token });
    } catch (error) {
      if (!isRefusal(error) || (await stillCounts(used, signal))) throw error;
      // A given token may have been replaced meanwhile (`idac login`): that one is read again.
      if (held === used) held = undefined;
      const fresh = await current(signal);
      return call({ ...inNamespace, token: fresh.token });
    }
  }

  async function stillCounts(used: Held, signal: AbortSignal): Promise<boolean> {
    try {
      await lookUp(used.token, signal);
      return true;
    } catch (error) {
      if (error instanceof BackendError && error.kind === 'unauthenticated') return false;
      throw error;
    }
  }

  return {
    name,
    read: (path, signal, options) =>
      called((each) => client.read(path, { ...options, ...each }, signal), signal),
    list: async (path, signal) => (await called((each) => client.list(path, each, signal), signal)).keys,
    async listWithDetails(path, signal) {
      const listed = (at: string) => called((each) => client.list(at, each, signal), signal);
      return listed(`${path}/detailed`).catch((error: unknown) => {
        if (error instanceof BackendError && NOT_OFFERED.includes(error.kind)) return listed(path);
        throw error;
      });
    },
    write: (path, data, signal, options) =>
      called((each) => client.write(path, data, { ...options, ...each }, signal), signal),
    remove: (path, signal) => called((each) => client.remove(path, each, signal), signal),
    raw: (path, body, signal) => client.raw(path, body, inNamespace, signal),
    health: (signal) => client.read('sys/health', { taken: [429, 472, 473, 501, 503] }, signal),
    async token(signal) {
      const facts = await lookUp((await current(signal)).token, signal);
      const {
        policies,
        identity_policies: further,
        expire_time: end,
        display_name: displayName,
        creation_time: made,
        period,
        meta,
      } = facts;
      return {
        policies: [...texts(policies), ...texts(further)],
        expiresAt: typeof end === 'string' ? new Date(end).toISOString() : undefined,
        displayName: typeof displayName === 'string' ? displayName : '',
        madeAt: typeof made === 'number' ? new Date(made * 1000).toISOString() : undefined,
        periodic: typeof period === 'number' && period > 0,
        appRole: isRecord(meta) && typeof meta['role_name'] === 'string' ? meta['role_name'] : undefined,
      };
    },
    async close() {
      const last = held;
      held = undefined;
      if (last === undefined || !last.own || clock.now().getTime() >= last.endsAt) return;
      const signal = AbortSignal.timeout(CLOSE_MILLISECONDS);
      const options = { ...inNamespace, token: last.token, repeatable: true };
      // It ends by itself soon; a server that is away must not keep anybody.
      await client.write('auth/token/revoke-self', {}, options, signal).catch(() => undefined);
    },
  };

  function heldFor(token: Secret<string>, own: boolean, facts: Readonly<Record<string, unknown>>): Held {
    const { lease_duration: lease, renewable } = facts;
    const seconds = typeof lease === 'number' && lease > 0 ? lease : Number.POSITIVE_INFINITY;
    const now = clock.now().getTime();
    return {
      token,
      own,
      renewable: renewable === true,
      renewAt: now + seconds * 1000 * (1 - RENEW_SHARE),
      endsAt: now + seconds * 1000,
    };
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function isRefusal(error: unknown): error is BackendError {
  return error instanceof BackendError && (error.kind === 'forbidden' || error.kind === 'unauthenticated');
}

function expired(name: string, cause: unknown): BackendError {
  return new BackendError({
    kind: 'unauthenticated',
    what: `${name} does not take the token: it has expired, was revoked, or is of another server`,
    hint: `log in again: idac login ${name}`,
    cause,
  });
}

/** Wrong credentials are answered with 400, 401 or 403, by method; what else failed is told as it is. */
function loginRefused(name: string, method: AuthMethod, mount: string, cause: unknown): unknown {
  if (!(cause instanceof BackendError)) return cause;
  if (!['forbidden', 'unauthenticated', 'invalid-request'].includes(cause.kind)) return cause;
  return new BackendError({
    kind: 'unauthenticated',
    what: `${name} refuses the login by ${method} at auth/${mount}: ${cause.what}`,
    hint: `check spec.auth, then give the credentials again: idac login ${name}`,
    cause,
  });
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
