import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { unlessMissing } from '../platform/disk/errno.ts';
import { parseHeader } from '../platform/seal/header.ts';
import type { OpenSealedStore } from '../platform/seal/sealedStore.ts';
import type { Logins, SealStatus } from './api.ts';
import { pointsTo, usableManifest } from './backendPool.ts';
import type { Bindings } from './bindings.ts';
import type { Workspace } from './workspace.ts';

export interface LoginsOptions {
  readonly workspace: Workspace;
  readonly bindings: Bindings;
  readonly sealed: () => Promise<OpenSealedStore>;
  readonly sealedFolder: string;
  readonly scanned: (signal: AbortSignal) => Promise<void>;
}

export function openLogins({ workspace, bindings, sealed, sealedFolder, scanned }: LoginsOptions): Logins {
  const target = (name: string) => pointsTo(usableManifest(name, workspace.index().backend(name)));
  const ready = () => scanned(new AbortController().signal);
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
      const { type, address } = await target(name);
      return { type, address, confirmed: (await bindings.of(name))?.address ?? null };
    },
    async confirm(name) {
      await ready();
      await bindings.bind(await target(name));
    },
  };
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
