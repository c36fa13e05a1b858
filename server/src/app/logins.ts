import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Login, ProjectFiles, TakenLogin } from '../backends/contract.ts';
import { PRIVATE_ADDRESS } from '../backends/contract.ts';
import { BackendError } from '../backends/errors.ts';
import type { Clock, Hasher } from '../core/ports.ts';
import { unlessMissing } from '../platform/disk/errno.ts';
import { parseHeader } from '../platform/seal/header.ts';
import type { OpenSealedStore } from '../platform/seal/sealedStore.ts';
import type { BackendPool } from './actions/services.ts';
import type { Logins, SealStatus, ShownBinding } from './api.ts';
import { backendTypeOf, configOf, pointsTo, usableManifest } from './backendPool.ts';
import type { Binding, Bindings } from './bindings.ts';
import { type LoginProblem, problemOfLogin } from './loginFields.ts';
import { boundTo, type LoginStore } from './loginStore.ts';
import type { Looks } from './looks.ts';
import type { Workspace } from './workspace.ts';

export interface LoginsOptions {
  readonly workspace: Workspace;
  readonly bindings: Bindings;
  readonly sealed: () => Promise<OpenSealedStore>;
  readonly sealedFolder: string;
  readonly scanned: (signal: AbortSignal) => Promise<void>;
  readonly loginStore: LoginStore;
  readonly backends: BackendPool;
  readonly looks: Looks;
  readonly files: ProjectFiles;
  readonly clock: Clock;
  readonly hasher: Hasher;
}

export function openLogins(options: LoginsOptions): Logins {
  const { workspace, bindings, sealed, sealedFolder, scanned, loginStore, backends, looks } = options;
  const manifestOf = (name: string) => usableManifest(name, workspace.index().backend(name));
  const target = (name: string) => pointsTo(manifestOf(name), options);
  const ready = () => scanned(new AbortController().signal);
  const methodOf = async (name: string) => {
    const manifest = manifestOf(name);
    const { loginMethods, loginMethod } = await backendTypeOf(manifest);
    const method = loginMethod?.(manifest.spec as never);
    const form = method === undefined ? undefined : loginMethods?.[method];
    return method === undefined || form === undefined ? undefined : { method, ...form };
  };
  const taken = async (name: string, login: Login, signal: AbortSignal): Promise<TakenLogin> => {
    const manifest = manifestOf(name);
    const { takeLogin } = await backendTypeOf(manifest);
    const context = { name, files: options.files };
    return (await takeLogin?.(configOf(manifest) as never, context, login, signal)) ?? { login };
  };
  const status = async (store: OpenSealedStore): Promise<SealStatus> => store.status();
  return {
    peek: () => peekStore(sealedFolder),
    seal: async () => status(await sealed()),
    async addUnlock(unlock) {
      const store = await sealed();
      await store.addSlot(unlock);
      return status(store);
    },
    async removeUnlock(slotId) {
      const store = await sealed();
      await store.removeSlot(slotId);
      return status(store);
    },
    async backend(name) {
      await ready();
      const { type, address, trust } = await target(name);
      const bound = await bindings.of(name);
      const current = bound?.type === type && bound.address === address && bound.trust === trust;
      return { type, address, trust: trust ?? null, confirmed: bound?.address ?? null, current };
    },
    async confirm(name, shown) {
      await ready();
      const binding = await target(name);
      if (shown !== undefined && !isShown(binding, shown)) throw changedMeanwhile(binding);
      await bindings.bind(binding);
    },
    async standing(name) {
      await ready();
      const binding = await target(name);
      const form = await methodOf(name);
      if (form === undefined && binding.address === PRIVATE_ADDRESS) return 'settled';
      const bound = await bindings.of(name);
      if (bound === undefined || boundTo(bound) !== boundTo(binding)) return 'unconfirmed';
      if (form === undefined) return 'settled';
      // A store that is not there yet holds no login; opening it would make one, without a passphrase.
      if ((await peekStore(sealedFolder)).slots.length === 0) return 'missing';
      try {
        return (await loginStore.of(binding)) === undefined ? 'missing' : 'settled';
      } catch (error) {
        if (error instanceof BackendError) return error.kind === 'corrupt' ? 'missing' : 'locked';
        throw error;
      }
    },
    async method(name) {
      await ready();
      const form = await methodOf(name);
      if (form === undefined) return null;
      return { ...form, boundAt: (await loginStore.of(await target(name)))?.boundAt ?? null };
    },
    async logIn(name, values, signal) {
      await ready();
      const form = await methodOf(name);
      if (form === undefined) throw nothingToLogInTo(name);
      const binding = await target(name);
      await bindings.require(binding);
      const problem = problemOfLogin(form.fields, (field) => values[field] !== undefined);
      if (problem !== undefined) throw incomplete(name, problem);
      const known = Object.entries(values).filter(([field]) =>
        form.fields.some((each) => each.name === field),
      );
      const boundAt = options.clock.now().toISOString();
      const former = await loginStore.of(binding).catch(unlessCorrupt);
      const given = { method: form.method, values: Object.fromEntries(known) };
      const { login, told, ifRefused } = await taken(name, given, signal);
      await loginStore.bind(binding, { ...login, boundAt });
      try {
        // One that is open already would go on with the login of before, and prove nothing.
        backends.release(name);
        const backend = await backends.open(name, signal);
        await backend.health(signal);
        await looks.given(binding, { method: form.method, at: boundAt });
        await looks.look(binding, backend, signal);
      } catch (error) {
        if (error instanceof BackendError && error.kind === 'unauthenticated') {
          await (former === undefined ? loginStore.forget(name) : loginStore.bind(binding, former));
          await (former === undefined
            ? looks.forget(name)
            : looks.given(binding, { method: former.method, at: former.boundAt }));
          backends.release(name);
          if (ifRefused !== undefined) throw withHint(error, ifRefused);
        } else await looks.given(binding, { method: form.method, at: boundAt });
        throw error;
      }
      return told === undefined ? [] : [told];
    },
    async forget(name) {
      await loginStore.forget(name);
      backends.release(name);
      await looks.forget(name);
    },
  };
}

function isShown({ type, address, trust }: Binding, shown: ShownBinding): boolean {
  return type === shown.type && address === shown.address && (trust ?? null) === shown.trust;
}

function changedMeanwhile({ backend }: Binding): BackendError {
  return new BackendError({
    kind: 'conflict',
    what: `The manifest of backend ${backend} was changed while you were asked.`,
    hint: 'Look at its address, and sign in again.',
  });
}

function unlessCorrupt(error: unknown): undefined {
  if (error instanceof BackendError && error.kind === 'corrupt') return undefined;
  throw error;
}

function nothingToLogInTo(name: string): BackendError {
  return new BackendError({
    kind: 'unsupported',
    what: `Backend ${name} has no login: its address is all there is to confirm.`,
    hint: `Confirm it: idac login ${name}`,
  });
}

function withHint({ kind, what, hint }: BackendError, more: string): BackendError {
  return new BackendError({ kind, what, hint: `${hint}. ${more}` });
}

function incomplete(name: string, problem: LoginProblem): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what:
      problem.is === 'twice'
        ? `The login for ${name} has ${problem.fields.join(' and ')}, of which one is wanted.`
        : `The login for ${name} lacks ${problem.fields.map((names) => names.join(' or ')).join(' and ')}.`,
    hint: `Give ${problem.is === 'twice' ? 'one of them' : 'all of it'}: idac login ${name}`,
  });
}

/** From the header alone. */
async function peekStore(folder: string): Promise<SealStatus> {
  const file = path.join(folder, 'store.json');
  const bytes = await unlessMissing(readFile(file));
  const slots = bytes === undefined ? [] : parseHeader(bytes, file).slots;
  return {
    folder,
    encrypted: slots.length > 0 && slots.every((slot) => slot.how !== 'none'),
    slots: slots.map((slot) =>
      slot.how === 'key'
        ? { id: slot.id, how: slot.how, keyName: slot.keyName }
        : { id: slot.id, how: slot.how },
    ),
  };
}
