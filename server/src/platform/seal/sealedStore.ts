import { readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { SealedStore } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import type { RandomSource } from '../../core/ports.ts';
import { Secret } from '../../core/secret.ts';
import { relativePathProblem } from '../../core/text/relativePath.ts';
import { makeFolder, removeAbandonedDrafts, syncFolder, writeAtomically } from '../disk/atomicFile.ts';
import { onDisk } from '../disk/diskError.ts';
import { ifThere } from '../disk/errno.ts';
import { withLock } from '../disk/lock.ts';
import { listFiles, removed } from '../disk/stateFolder.ts';
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
  const locked = <T>(what: string, work: () => Promise<T>, often = false): Promise<T> =>
    withLock(
      path.join(dir, 'store.lock'),
      () => onDisk(dir, work),
      { wait: LOCK_WAIT, what, ...(often ? { often: what } : {}) },
      signal,
    );

  const readHeader = async (): Promise<StoreHeader | undefined> => {
    const bytes = await onDisk(headerFile, async () => ifThere(() => readFileSync(headerFile)));
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
  const first =
    (await readHeader()) ??
    (await locked('make the sealed store', async () => (await readHeader()) ?? create()));
  /** By slot: ids never come back, so a slot that was opened once stands for its data key. */
  const keys = new Map<string, Uint8Array>();
  const openHeader = async (header: StoreHeader): Promise<Opened> => {
    const known = header.slots.map(({ id }) => keys.get(id)).find((key) => key !== undefined);
    const dataKey = known ?? (await openSlots(header.slots, unlock, header.storeId, dir));
    for (const { id } of header.slots) keys.set(id, dataKey);
    return { header, dataKey };
  };
  let current = await openHeader(first);

  /** Another process may have changed slots meanwhile, or encrypted the store: then its new data key is needed. */
  const refresh = async (): Promise<Opened> => {
    const header = await readHeader();
    if (header === undefined) throw corrupt(headerFile, 'is gone');
    current = await openHeader(header);
    return current;
  };
  const fileOf = ({ header }: Opened, name: string): string => {
    const problem = relativePathProblem(name);
    if (problem !== undefined) {
      throw new BackendError({
        kind: 'invalid-request',
        what: `"${name}" cannot name a sealed entry: ${problem}`,
        hint: 'this is a mistake in the program: please report it',
      });
    }
    return path.join(entriesOf(dir, header.epoch), ...`${name}${SUFFIX}`.split('/'));
  };
  const writeEntry = async (to: Opened, name: string, plain: Uint8Array): Promise<void> => {
    const file = fileOf(to, name);
    await makeFolder(path.dirname(file), 0o700);
    await removeAbandonedDrafts(path.dirname(file));
    await writeAtomically(file, seal(to.dataKey, plain, contextOf(to.header, name), random), { mode: 0o600 });
  };
  const readEntry = async (from: Opened, name: string): Promise<Uint8Array | undefined> => {
    const file = fileOf(from, name);
    const box = await onDisk(file, async () => ifThere(() => readFileSync(file)));
    if (box === undefined) return undefined;
    const plain = unseal(from.dataKey, box, contextOf(from.header, name));
    if (plain === undefined) throw corrupt(file, 'was changed or damaged: it does not open');
    return plain;
  };
  const namesIn = async (from: Opened, folder: string): Promise<readonly string[]> => {
    const entries = entriesOf(dir, from.header.epoch);
    const place = folder === '' ? entries : fileOf(from, folder).slice(0, -SUFFIX.length);
    const files = await onDisk(place, async () => listFiles(place, folder));
    return files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length));
  };

  /** Entries of an epoch that is not the current one: left by a crash during or after `encrypt`. */
  const sweep = async ({ header }: Opened): Promise<void> => {
    for (const name of readdirSync(dir)) {
      if (/^entries-\d+$/.test(name) && name !== `entries-${header.epoch}`) {
        rmSync(path.join(dir, name), { recursive: true, force: true });
      }
    }
    await removeAbandonedDrafts(dir);
  };

  const encrypt = async (before: Opened, added: Unlock): Promise<SlotSummary> => {
    const { storeId } = before.header;
    await sweep(before);
    const dataKey = random.bytes(KEY_LENGTH);
    const slot = await makeSlot(added, dataKey, storeId, cost, random);
    const header: StoreHeader = { ...before.header, epoch: before.header.epoch + 1, slots: [slot] };
    const after: Opened = { header, dataKey };
    for (const name of await namesIn(before, '')) {
      const plain = await readEntry(before, name);
      if (plain !== undefined) await writeEntry(after, name, plain);
    }
    keys.set(slot.id, dataKey);
    // From here on the new ones count; a crash before leaves the old ones as they were.
    await writeHeader(header);
    current = after;
    await sweep(after);
    return summary(slot);
  };

  const get = async (name: string): Promise<Secret<Uint8Array> | undefined> => {
    for (let from = await refresh(); ; ) {
      const plain = await readEntry(from, name);
      if (plain !== undefined) return new Secret<Uint8Array>(plain);
      // It may be missing because everything was sealed anew at this moment.
      const now = await refresh();
      if (now.header.epoch === from.header.epoch) return undefined;
      from = now;
    }
  };

  const scoped = (prefix: string): SealedStore => ({
    get encrypted() {
      return isEncrypted(current.header);
    },
    get: (name) => get(prefix + name),
    put: (name, value) =>
      locked('seal a secret', async () => writeEntry(await refresh(), prefix + name, value.reveal()), true),
    remove: (name) =>
      locked(
        'erase a secret',
        async () => {
          const file = fileOf(await refresh(), prefix + name);
          if (!removed(file)) return;
          await syncFolder(path.dirname(file));
          const [kind = ''] = (prefix + name).split('/');
          removeEmptyFolders(path.dirname(file), path.join(entriesOf(dir, current.header.epoch), kind));
        },
        true,
      ),
    async list(folder) {
      const names = await namesIn(await refresh(), (prefix + folder).replace(/\/$/, ''));
      return names.map((name) => name.slice(prefix.length));
    },
    scope: (folder) => scoped(`${prefix}${folder}/`),
  });

  await locked('tidy the sealed store', async () => sweep(await refresh()));

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
      const { header } = await refresh();
      return { folder: dir, encrypted: isEncrypted(header), slots: header.slots.map(summary) };
    },
    addSlot: (added: Unlock) =>
      locked('change how the sealed store opens', async () => {
        const before = await refresh();
        const { header, dataKey } = before;
        if (added.how === 'none') {
          throw new BackendError({
            kind: 'invalid-request',
            what: 'a sealed store is not made readable for everybody again',
            hint: 'add a passphrase or a key',
          });
        }
        if (!isEncrypted(header)) return encrypt(before, added);
        const slot = await makeSlot(added, dataKey, header.storeId, cost, random);
        const others = header.slots.filter(
          (old) => !(old.how === 'key' && slot.how === 'key' && old.keyName === slot.keyName),
        );
        await writeHeader({ ...header, slots: [...others, slot] });
        return summary(slot);
      }),
    removeSlot: (id: string) =>
      locked('change how the sealed store opens', async () => {
        const { header } = await refresh();
        const slots = header.slots.filter((slot) => slot.id !== id);
        if (slots.length === header.slots.length) return;
        if (slots.length === 0) {
          throw new BackendError({
            kind: 'invalid-request',
            what: 'this is the only way to open the sealed store',
            hint: 'add another one first',
          });
        }
        await writeHeader({ ...header, slots });
      }),
  };
}

/** One data key and the header that it belongs to; never mixed with another's. */
interface Opened {
  readonly header: StoreHeader;
  readonly dataKey: Uint8Array;
}

/** Bound to each entry, so that one cannot be put in another's place or into another store. */
function contextOf(header: StoreHeader, name: string): string {
  return `idac sealed entry ${header.storeId} ${header.epoch} ${name}`;
}

/** Under the lock, so that nobody is about to write there: each action has a folder of its own, and they would add up. The one that holds them all stays. */
function removeEmptyFolders(from: string, below: string): void {
  for (let folder = from; folder.startsWith(`${below}${path.sep}`); folder = path.dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
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
