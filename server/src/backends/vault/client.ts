import nodeVault from 'node-vault';
import type { Secret } from '../../core/secret.ts';
import { BackendError } from '../errors.ts';
import { isRecord } from '../jsonFile.ts';
import type { HttpResponse, Transport } from '../transport.ts';
import { refused } from './refusal.ts';

/** An answer of the API: the object under `data`, the one under `auth`, and what else a caller may want of it. */
export interface VaultAnswer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly auth: Readonly<Record<string, unknown>> | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: HttpResponse['headers'];
}

export interface CallOptions {
  readonly token?: Secret<string>;
  /** Undefined where there is none, or where a path must be asked outside of any (`sys/health`). */
  readonly namespace?: string | undefined;
  /** Default: true for reading, false for writing. */
  readonly repeatable?: boolean;
  /** Statuses beside 2xx and 404 that the caller reads itself. */
  readonly taken?: readonly number[];
  /** A 404 is given as it is, for paths that tell something with it. */
  readonly keepMissing?: boolean;
}

export interface RawBody {
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface Listing {
  readonly keys: readonly string[];
  /** By key, where the server tells more than names. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Calls by path below `/v1`. Each throws what the server refuses; where it has nothing (404) the answer is undefined. */
export interface VaultClient {
  read(path: string, options: CallOptions, signal: AbortSignal): Promise<VaultAnswer | undefined>;
  list(path: string, options: CallOptions, signal: AbortSignal): Promise<Listing>;
  write(
    path: string,
    data: object,
    options: CallOptions,
    signal: AbortSignal,
  ): Promise<VaultAnswer | undefined>;
  remove(path: string, options: CallOptions, signal: AbortSignal): Promise<VaultAnswer | undefined>;
  /** Bytes in and out, such as DER; past node-vault, which knows JSON alone. */
  raw(
    path: string,
    body: RawBody | undefined,
    options: Pick<CallOptions, 'namespace'>,
    signal: AbortSignal,
  ): Promise<Uint8Array>;
}

/** What travels through node-vault to our own request function, in its options. */
interface Passed extends CallOptions {
  readonly signal: AbortSignal;
}

/**
 * node-vault builds the calls, our transport makes them: what it would do by itself never happens. Its token, address,
 * prefix and namespace from the environment are overwritten after it was made, its debug output goes nowhere, and its
 * HTTP client, which would follow redirects with the token, is never asked.
 */
export function openVaultClient(name: string, transport: Transport): VaultClient {
  const vault = nodeVault({
    endpoint: transport.origin,
    apiVersion: 'v1',
    // LIST is no verb of HTTP: proxies refuse it. `GET …?list=1` means the same.
    noCustomHTTPVerbs: true,
    debug: () => undefined,
    'request-promise': { defaults: () => (options: RequestOptions) => send(name, transport, options) },
  });
  Object.assign(vault, { token: undefined, namespace: undefined, pathPrefix: '' });
  vault.handleVaultResponse = (answer) => Promise.resolve(answer);
  const passed = (options: CallOptions, signal: AbortSignal, repeatable: boolean) => ({
    passed: { repeatable, ...options, signal } satisfies Passed,
  });
  const given = (answer: VaultAnswer, { keepMissing = false }: CallOptions): VaultAnswer | undefined =>
    answer.status === 404 && !keepMissing ? undefined : answer;

  return {
    read: async (path, options, signal) =>
      given(await vault.read(path, passed(options, signal, true)), options),
    async list(path, options, signal) {
      const answer = given(await vault.list(path, passed(options, signal, true)), options);
      const { keys = [], key_info: details } = answer?.data ?? {};
      if (Array.isArray(keys) && keys.every((key) => typeof key === 'string'))
        return { keys, details: isRecord(details) ? details : {} };
      throw garbage(name, path);
    },
    write: async (path, data, options, signal) =>
      given(await vault.write(path, data, passed(options, signal, false)), options),
    remove: async (path, options, signal) =>
      given(await vault.delete(path, passed(options, signal, true)), options),
    async raw(path, body, { namespace }, signal) {
      const response = await transport.send(
        {
          method: body === undefined ? 'GET' : 'POST',
          path: `/v1/${path}`,
          headers: {
            ...(namespace === undefined ? {} : { 'X-Vault-Namespace': namespace }),
            ...(body === undefined ? {} : { 'Content-Type': body.type }),
          },
          ...(body && { body: body.bytes }),
          repeatable: true,
        },
        signal,
      );
      if (response.status === 200) return response.body;
      throw refused({ name, path, acting: false }, response, errorsOf(parse(response.body)));
    },
  };
}

interface RequestOptions {
  readonly method: string;
  readonly uri: string;
  readonly json?: unknown;
  readonly passed: Passed;
}

async function send(name: string, transport: Transport, options: RequestOptions): Promise<VaultAnswer> {
  const { method, uri, json } = options;
  const { token, namespace, repeatable = false, taken = [], signal } = options.passed;
  const path = uri.slice(transport.origin.length);
  const response = await transport.send(
    {
      method,
      path,
      headers: {
        Accept: 'application/json',
        // Asked for by agents and proxies of the server, so that no web page can make such a call.
        'X-Vault-Request': 'true',
        ...(token === undefined ? {} : { 'X-Vault-Token': token.reveal() }),
        ...(namespace === undefined ? {} : { 'X-Vault-Namespace': namespace }),
        ...(json === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(json)) }),
      repeatable,
    },
    signal,
  );
  const body = parse(response.body);
  const { status, headers } = response;
  const call = { name, path: path.slice('/v1/'.length).replace(/\?.*/, ''), acting: !repeatable };
  const isTaken = (status >= 200 && status < 300) || status === 404 || taken.includes(status);
  // A 404 says "no such thing" with an empty list, and why with another: no such mount, no such verb.
  if (!isTaken || (status === 404 && errorsOf(body).length > 0))
    throw refused(call, response, errorsOf(body));
  if (body === undefined && status !== 204) throw garbage(name, call.path, call.acting);
  return {
    status,
    headers,
    body: body ?? {},
    data: isRecord(body?.['data']) ? body['data'] : {},
    auth: isRecord(body?.['auth']) ? body['auth'] : undefined,
  };
}

/** Undefined for anything but one JSON object. */
function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function errorsOf(body: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const errors = body?.['errors'];
  return Array.isArray(errors) ? errors.filter((each) => typeof each === 'string') : [];
}

/** The server answered, and not as its API does. */
export function garbage(name: string, path: string, acting = false): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: `the answer of ${name} to ${path} is not what Vault or OpenBao answers`,
    hint: 'check the address (spec.address), and whether a proxy stands before the server',
    mayHaveActed: acting,
  });
}
