import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BackendError } from '../backends/errors.ts';
import { nodeRandom } from '../platform/crypto/randomSource.ts';
import { unlessMissing } from '../platform/disk/errno.ts';
import { userStateFolder } from '../platform/disk/userState.ts';
import { parseHeader } from '../platform/seal/header.ts';
import { type OpenSealedStore, openSealedStore } from '../platform/seal/sealedStore.ts';
import type { Slot } from '../platform/seal/slots.ts';
import type { Unlock } from './api.ts';

/** Where the user's sealed store lies: one for all projects and all faces. */
export function sealedStoreFolder(stateHome = userStateFolder(process.env, process.platform)): string {
  return path.join(stateHome, 'sealed');
}

/** What opens the store; never the secret itself. */
export interface StoreSlot {
  readonly kind: 'key' | 'passphrase';
  readonly name: string;
}

export interface StoreOpening {
  readonly ok: boolean;
  readonly encrypted: boolean;
  /** What to ask a person for. */
  readonly needs: 'nothing' | 'passphrase';
  readonly slots: readonly StoreSlot[];
  /** Why not, and what to do, when `ok` is false. */
  readonly what?: string;
  readonly hint?: string;
}

/**
 * Whether `offered` opens the sealed store in `folder`; one that is not there yet is made with it. A key that is not
 * among its slots becomes one when `known`, which was given before, opens the store: so a passphrase is asked for once.
 * An unencrypted store stays what it is, since the command line must still open it; `encrypted` says so.
 */
export async function unlockStore(
  folder: string,
  offered: Unlock,
  known: Unlock,
  signal: AbortSignal,
): Promise<StoreOpening> {
  const before = await slotsIn(folder);
  try {
    const store = await openWith(folder, offered, known, before === undefined, signal);
    return {
      ok: true,
      encrypted: store.encrypted,
      needs: 'nothing',
      slots: summaries(await slotsIn(folder)),
    };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    const slots = summaries(before);
    const asks = slots.some((slot) => slot.kind === 'passphrase');
    return {
      ok: false,
      encrypted: true,
      needs: asks ? 'passphrase' : 'nothing',
      slots,
      what: error.what,
      hint: error.hint,
    };
  }
}

async function openWith(
  folder: string,
  offered: Unlock,
  known: Unlock,
  isNew: boolean,
  signal: AbortSignal,
): Promise<OpenSealedStore> {
  const canAdd = offered.how === 'key' && known.how === 'passphrase';
  try {
    // A new store gets the passphrase first, so that the command line opens it too.
    if (!(isNew && canAdd)) return await openSealedStore(folder, offered, nodeRandom, { signal });
  } catch (error) {
    if (!canAdd || !(error instanceof BackendError)) throw error;
  }
  const store = await openSealedStore(folder, known, nodeRandom, { signal });
  if (store.encrypted) await store.addSlot(offered);
  return store;
}

/** Undefined: there is no store yet. */
async function slotsIn(folder: string): Promise<readonly Slot[] | undefined> {
  const file = path.join(folder, 'store.json');
  const bytes = await unlessMissing(readFile(file));
  return bytes === undefined ? undefined : parseHeader(bytes, file).slots;
}

function summaries(slots: readonly Slot[] | undefined): readonly StoreSlot[] {
  return (slots ?? []).flatMap((slot): readonly StoreSlot[] => {
    switch (slot.how) {
      case 'passphrase':
        return [{ kind: 'passphrase', name: '' }];
      case 'key':
        return [{ kind: 'key', name: slot.keyName }];
      case 'none':
        return [];
      default:
        return slot satisfies never;
    }
  });
}
