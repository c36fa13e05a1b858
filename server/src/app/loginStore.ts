import type { Login, SealedStore } from '../backends/contract.ts';
import { BackendError } from '../backends/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Binding } from './bindings.ts';

/** A login as it is kept, with what it was given for. */
export interface StoredLogin extends Login {
  /** ISO 8601. */
  readonly boundAt: string;
}

/**
 * Logins in the sealed store, one for each backend of a project root. Each holds what it was given for; asked for anything
 * else (another address, another CA, another type), it is not there.
 */
export interface LoginStore {
  of(binding: Binding): Promise<StoredLogin | undefined>;
  bind(binding: Binding, login: StoredLogin): Promise<void>;
  forget(backend: string): Promise<void>;
}

/** `sealed`: the compartment of one project root. */
export function openLoginStore(sealed: () => Promise<SealedStore>): LoginStore {
  const store = async (): Promise<SealedStore> => (await sealed()).scope('logins');
  return {
    async of(binding) {
      const bytes = await (await store()).get(binding.backend);
      if (bytes === undefined) return undefined;
      const found = parseLogin(bytes);
      if (found === undefined) throw damaged(binding.backend);
      return boundTo(binding) === found.binding ? found.login : undefined;
    },
    async bind(binding, { method, values, boundAt }) {
      const open = Object.entries(values).map(([name, value]) => [name, value.reveal()] as const);
      const text = JSON.stringify({
        schemaVersion: 1,
        binding: boundTo(binding),
        method,
        boundAt,
        values: Object.fromEntries(open),
      });
      await (await store()).put(binding.backend, new Secret<Uint8Array>(new TextEncoder().encode(text)));
    },
    forget: async (backend) => (await store()).remove(backend),
  };
}

/** One text for all that a login is given for. */
export function boundTo({ type, address, trust }: Binding): string {
  return JSON.stringify([type, address, trust ?? null]);
}

function parseLogin(
  bytes: Secret<Uint8Array>,
): { readonly binding: string; readonly login: StoredLogin } | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.reveal()));
    if (typeof value !== 'object' || value === null) return undefined;
    const { schemaVersion, binding, method, boundAt, values } = value as Readonly<Record<string, unknown>>;
    if (schemaVersion !== 1 || typeof values !== 'object' || values === null) return undefined;
    if (typeof binding !== 'string' || typeof method !== 'string' || typeof boundAt !== 'string')
      return undefined;
    const texts = Object.entries(values).filter(
      (each): each is [string, string] => typeof each[1] === 'string',
    );
    return {
      binding,
      login: {
        method,
        boundAt,
        values: Object.fromEntries(texts.map(([name, text]) => [name, new Secret(text)])),
      },
    };
  } catch {
    return undefined;
  }
}

function damaged(backend: string): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: `The login kept for backend ${backend} cannot be read.`,
    hint: `Give it again: idac login ${backend}`,
  });
}
