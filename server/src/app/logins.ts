import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProjectFiles } from '../backends/contract.ts';
import { BackendError } from '../backends/errors.ts';
import type { Clock, Hasher } from '../core/ports.ts';
import { unlessMissing } from '../platform/disk/errno.ts';
import { parseHeader } from '../platform/seal/header.ts';
import type { OpenSealedStore } from '../platform/seal/sealedStore.ts';
import type { BackendPool } from './actions/services.ts';
import type { Logins, SealStatus } from './api.ts';
import { backendTypeOf, pointsTo, usableManifest } from './backendPool.ts';
import type { Bindings } from './bindings.ts';
import type { LoginStore } from './loginStore.ts';
import type { Workspace } from './workspace.ts';

export interface LoginsOptions {
  readonly workspace: Workspace;
  readonly bindings: Bindings;
  readonly sealed: () => Promise<OpenSealedStore>;
  readonly sealedFolder: string;
  readonly scanned: (signal: AbortSignal) => Promise<void>;
  readonly loginStore: LoginStore;
  readonly backends: BackendPool;
  readonly files: ProjectFiles;
  readonly clock: Clock;
  readonly hasher: Hasher;
}

export function openLogins(options: LoginsOptions): Logins {
  const { workspace, bindings, sealed, sealedFolder, scanned, loginStore, backends } = options;
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
      return { type, address, confirmed: bound?.address ?? null, current };
    },
    async confirm(name) {
      await ready();
      await bindings.bind(await target(name));
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
      const missing = form.fields.find(
        (field) => field.optional !== true && values[field.name] === undefined,
      );
      if (missing !== undefined) throw incomplete(name, missing.name);
      const known = Object.entries(values).filter(([field]) =>
        form.fields.some((each) => each.name === field),
      );
      const boundAt = options.clock.now().toISOString();
      await loginStore.bind(binding, { method: form.method, values: Object.fromEntries(known), boundAt });
      try {
        await (await backends.open(name, signal)).health(signal);
      } catch (error) {
        if (error instanceof BackendError && error.kind === 'unauthenticated') await loginStore.forget(name);
        throw error;
      }
    },
    forget: (name) => loginStore.forget(name),
  };
}

function nothingToLogInTo(name: string): BackendError {
  return new BackendError({
    kind: 'unsupported',
    what: `Backend ${name} has no login: its address is all there is to confirm.`,
    hint: `Confirm it: idac login ${name}`,
  });
}

function incomplete(name: string, field: string): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `The login for ${name} lacks ${field}.`,
    hint: `Give all of it: idac login ${name}`,
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
