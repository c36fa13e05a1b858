import { readdir, readFile, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { SealedStore } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import type { RandomSource } from '../../core/ports.ts';
import { Secret } from '../../core/secret.ts';
import { makeFolder, removeAbandonedDrafts, syncFolder, writeAtomically } from '../disk/atomicFile.ts';
import { onDisk } from '../disk/diskError.ts';
import { unlessMissing } from '../disk/errno.ts';
import { withLock } from '../disk/lock.ts';
import { relativePathProblem } from '../disk/relativePath.ts';
import { listFiles } from '../disk/stateFolder.ts';
import { parseHeader, type StoreHeader } from './header.ts';
import { KEY_LENGTH, SCRYPT_COST, type ScryptCost, seal, unseal } from './sealedBox.ts';
import { makeSlot, openSlots, type Slot } from './slots.ts';
import type { Unlock } from './unlock.ts';

type SlotSummary =
  | { readonly id: string; readonly how: 'passphrase' | 'none' }
  | { readonly id: string; readonly how: 'key'; readonly keyName: string };

interface SealedStoreStatus {
  readonly folder: string;
  readonly encrypted: boolean;
  readonly slots: readonly SlotSummary[];
}

/** The user's sealed store with what `idac login` and `idac doctor` need of it. */
export interface OpenSealedStore extends SealedStore {
  status(): Promise<SealedStoreStatus>;
  /**
   * Adds one more way to open it. On an unencrypted store this encrypts it: everything gets a new data key, since the
   * old one lay readable. `none` is refused on an encrypted one.
   */
  addSlot(unlock: Unlock): Promise<SlotSummary>;
  /** Refused for the last one. */
  removeSlot(id: string): Promise<void>;
}

export interface SealedStoreOptions {
  /** Cost of new passphrase slots; tests choose less. */
  readonly scrypt?: ScryptCost;
  readonly signal?: AbortSignal;
}

const HEADER = 'store.json';
const SUFFIX = '.sealed';
const LOCK_WAIT = 30_000;

/**
 * Opens the store in `dir`, or makes it with `unlock` as its only slot. BackendError `unauthenticated` for a wrong
 * passphrase or key, `locked` when `unlock` is of a kind that no slot takes, `corrupt` naming the file.
 */
export async function openSealedStore(
  dir: string,
  unlock: Unlock,
  random: RandomSource,
  options: SealedStoreOptions = {},
): Promise<OpenSealedStore> {
  const cost = options.scrypt ?? SCRYPT_COST;
  const signal = options.signal ?? new AbortController().signal;
  const headerFile = path.join(dir, HEADER);
  const locked = <T>(what: string, work: () => Promise<T>): Promise<T> =>
    withLock(path.join(dir, 'store.lock'), () => onDisk(dir, work), { wait: LOCK_WAIT, what }, signal);

  const readHeader = async (): Promise<StoreHeader | undefined> => {
    const bytes = await onDisk(headerFile, () => unlessMissing(readFile(headerFile)));
    return bytes === undefined ? undefined : parseHeader(bytes, headerFile);
  };
  const writeHeader = (header: StoreHeader): Promise<void> =>
    writeAtomically(headerFile, Buffer.from(`${JSON.stringify(header, null, 2)}\n`), { mode: 0o600 });

  const create = async (): Promise<StoreHeader> => {
    const storeId = Buffer.from(random.bytes(16)).toString('hex');
    const slot = await makeSlot(unlock, random.bytes(KEY_LENGTH), storeId, cost, random);
    const header: StoreHeader = { format: 'idac-sealed-store/1', storeId, epoch: 1, slots: [slot] };
    await writeHeader(header);
    return header;
  };

  await onDisk(dir, () => makeFolder(dir, 0o700));
  let header =
    (await readHeader()) ??
    (await locked('make the sealed store', async () => (await readHeader()) ?? create()));
  let dataKey = await openSlots(header.slots, unlock, header.storeId, dir);

  /** Another process may have encrypted the store meanwhile: then its new data key is needed. */
  const refresh = async (): Promise<void> => {
    const now = await readHeader();
    if (now === undefined) throw corrupt(headerFile, 'is gone');
    if (now.epoch !== header.epoch || now.storeId !== header.storeId) {
      dataKey = await openSlots(now.slots, unlock, now.storeId, dir);
    }
    header = now;
  };
  const fileOf = (of: StoreHeader, name: string): string => {
    const problem = relativePathProblem(name);
    if (problem !== undefined) {
      throw new BackendError({
        kind: 'invalid-request',
        what: `"${name}" cannot name a sealed entry: ${problem}`,
        hint: 'this is a mistake in the program: please report it',
      });
    }
    return path.join(entriesOf(dir, of.epoch), ...`${name}${SUFFIX}`.split('/'));
  };

  /** Entries of an epoch that is not the current one: left by a crash during or after `encrypt`. */
  const sweep = async (): Promise<void> => {
    for (const name of await readdir(dir)) {
      if (/^entries-\d+$/.test(name) && name !== `entries-${header.epoch}`) {
        await rm(path.join(dir, name), { recursive: true, force: true });
      }
    }
    await removeAbandonedDrafts(dir);
  };

  const encrypt = async (added: Unlock): Promise<SlotSummary> => {
    const next = { epoch: header.epoch + 1, key: random.bytes(KEY_LENGTH) };
    await rm(entriesOf(dir, next.epoch), { recursive: true, force: true });
    const slot = await makeSlot(added, next.key, header.storeId, cost, random);
    const nextHeader: StoreHeader = { ...header, epoch: next.epoch, slots: [slot] };
    for (const file of await listFiles(entriesOf(dir, header.epoch), '')) {
      const name = file.slice(0, -SUFFIX.length);
      const source = fileOf(header, name);
      const plain = openEntry(dataKey, await readFile(source), header, name, source);
      await writeEntry(fileOf(nextHeader, name), seal(next.key, plain, contextOf(nextHeader, name), random));
    }
    // From here on the new ones count; a crash before leaves the old ones as they were.
    await writeHeader(nextHeader);
    unlock = added;
    header = nextHeader;
    dataKey = Buffer.from(next.key);
    await sweep();
    return summary(slot);
  };

  const get = async (name: string): Promise<Secret<Uint8Array> | undefined> => {
    for (;;) {
      await refresh();
      const before = header;
      const file = fileOf(before, name);
      const box = await onDisk(file, () => unlessMissing(readFile(file)));
      if (box !== undefined) return new Secret<Uint8Array>(openEntry(dataKey, box, before, name, file));
      await refresh();
      if (header.epoch === before.epoch) return undefined;
    }
  };

  const scoped = (prefix: string): SealedStore => ({
    get encrypted() {
      return isEncrypted(header);
    },
    get: (name) => get(prefix + name),
    put: (name, value) =>
      locked('seal a secret', async () => {
        await refresh();
        const full = prefix + name;
        await writeEntry(
          fileOf(header, full),
          seal(dataKey, value.reveal(), contextOf(header, full), random),
        );
      }),
    remove: (name) =>
      locked('erase a secret', async () => {
        await refresh();
        const file = fileOf(header, prefix + name);
        if ((await unlessMissing(unlink(file).then(() => true))) === true)
          await syncFolder(path.dirname(file));
      }),
    async list(folder) {
      await refresh();
      const full = (prefix + folder).replace(/\/$/, '');
      const place =
        full === '' ? entriesOf(dir, header.epoch) : fileOf(header, full).slice(0, -SUFFIX.length);
      const names = await onDisk(place, () => listFiles(place, full));
      return names
        .filter((file) => file.endsWith(SUFFIX))
        .map((file) => file.slice(prefix.length, -SUFFIX.length));
    },
    scope: (folder) => scoped(`${prefix}${folder}/`),
  });

  await locked('tidy the sealed store', async () => {
    await refresh();
    await sweep();
  });

  const root = scoped('');
  return {
    get encrypted() {
      return root.encrypted;
    },
    get: root.get,
    put: root.put,
    remove: root.remove,
    list: root.list,
    scope: root.scope,
    async status() {
      await refresh();
      return { folder: dir, encrypted: isEncrypted(header), slots: header.slots.map(summary) };
    },
    addSlot: (added: Unlock) =>
      locked('change how the sealed store opens', async () => {
        await refresh();
        if (added.how === 'none') {
          throw new BackendError({
            kind: 'invalid-request',
            what: 'a sealed store is not made readable for everybody again',
            hint: 'add a passphrase or a key',
          });
        }
        if (!isEncrypted(header)) return encrypt(added);
        const slot = await makeSlot(added, dataKey, header.storeId, cost, random);
        const others = header.slots.filter(
          (old) => !(old.how === 'key' && slot.how === 'key' && old.keyName === slot.keyName),
        );
        header = { ...header, slots: [...others, slot] };
        await writeHeader(header);
        return summary(slot);
      }),
    removeSlot: (id: string) =>
      locked('change how the sealed store opens', async () => {
        await refresh();
        const slots = header.slots.filter((slot) => slot.id !== id);
        if (slots.length === header.slots.length) return;
        if (slots.length === 0) {
          throw new BackendError({
            kind: 'invalid-request',
            what: 'this is the only way to open the sealed store',
            hint: 'add another one first',
          });
        }
        header = { ...header, slots };
        await writeHeader(header);
      }),
  };
}

async function writeEntry(file: string, box: Uint8Array): Promise<void> {
  await makeFolder(path.dirname(file), 0o700);
  await removeAbandonedDrafts(path.dirname(file));
  await writeAtomically(file, box, { mode: 0o600 });
}

function openEntry(
  key: Uint8Array,
  box: Uint8Array,
  header: StoreHeader,
  name: string,
  file: string,
): Uint8Array {
  const plain = unseal(key, box, contextOf(header, name));
  if (plain === undefined) throw corrupt(file, 'was changed or damaged: it does not open');
  return plain;
}

/** Bound to each entry, so that one cannot be put in another's place or into another store. */
function contextOf(header: StoreHeader, name: string): string {
  return `idac sealed entry ${header.storeId} ${header.epoch} ${name}`;
}

function entriesOf(dir: string, epoch: number): string {
  return path.join(dir, `entries-${epoch}`);
}

function isEncrypted(header: StoreHeader): boolean {
  return header.slots.every((slot) => slot.how !== 'none');
}

function summary(slot: Slot): SlotSummary {
  return slot.how === 'key'
    ? { id: slot.id, how: slot.how, keyName: slot.keyName }
    : { id: slot.id, how: slot.how };
}

function corrupt(file: string, what: string): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: `${file} ${what}`,
    hint: 'restore it from a backup; if there is none, issue the credential that it held again',
  });
}
