import { closeSync, openSync, realpathSync } from 'node:fs';
import type { StateFolder } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import { formatIdentity, type IdentityId } from '../../core/identity/identityId.ts';
import type { IdentityEvent } from '../../core/lifecycle/event.ts';
import { eventFile, eventHash, RECORDS_FOLDER, recordFolder } from '../../core/lifecycle/eventFile.ts';
import { parseEvent } from '../../core/lifecycle/parseEvent.ts';
import { StaleHead, type StateStore, type StoredRecord } from '../../core/lifecycle/stateStore.ts';
import type { Hasher, RandomSource } from '../../core/ports.ts';
import { relativePathProblem } from '../../core/text/relativePath.ts';
import { onDisk } from './diskError.ts';
import { errno } from './errno.ts';
import {
  type ChainEnd,
  linkEvents,
  newChain,
  readChainEnd,
  type StoredEnd,
  writeChainEnd,
} from './eventChain.ts';
import { eventFilesOf } from './eventFiles.ts';
import { flush, writeWhole } from './flush.ts';
import { withFolder } from './heldFolder.ts';

export interface FileStateStoreOptions {
  /** The project root. */
  readonly root: string;
  /** This clone's folder in the user's state: the end of its chain, and its lock. */
  readonly cloneState: StateFolder;
  readonly hasher: Hasher;
  readonly random: RandomSource;
  /** Nothing is written: what a crash kept from being written waits for the next one that may. */
  readonly readOnly?: boolean;
  /** Names that an identity had before (`metadata.formerNames`): their events are part of its record. */
  readonly formerNames?: (identity: IdentityId) => readonly IdentityId[];
}

/** The record as files of the project: one per event, written once, so that a merge of branches is a union. */
export function openFileStateStore(options: FileStateStoreOptions): StateStore {
  const { cloneState, hasher, random } = options;
  const formerNames = options.formerNames ?? (() => []);
  let opened: ReturnType<typeof eventFilesOf> | undefined;
  const files = () => {
    opened ??= eventFilesOf(realpathSync.native(options.root));
    return opened;
  };
  const locked = <T>(work: () => Promise<T>): Promise<T> =>
    cloneState.locked('record', work, new AbortController().signal);

  /** Ids of events whose files this process has written: what the chain's end still names of them is done. */
  const written = new Set<string>();
  const isLeft = (end: ChainEnd): boolean => end.pending.some(({ id }) => !written.has(id));

  /** Of those, what the disk may not have yet; by id. */
  const flushing = new Map<string, Promise<void>>();

  /** Writes the files that a crash kept from being written. Only under the lock. */
  const recover = async (): Promise<StoredEnd> => {
    const stored = await readChainEnd(cloneState);
    if (stored === undefined) return { end: newChain(random), size: 0 };
    if (!isLeft(stored.end)) return stored;
    await writeFiles(stored.end.pending, { left: true });
    await flushed();
    return clear(stored);
  };
  /**
   * The disk takes them while the caller goes on: after a power loss the chain's end, which is on disk, names these events,
   * and they are written once more.
   */
  const writeFiles = async (
    events: readonly IdentityEvent[],
    how: { readonly left: boolean },
  ): Promise<void> => {
    await attributes();
    const store = files();
    for (const event of events) {
      flushing.set(event.id, (await store.writeVisibly(event, how)).flushed);
      written.add(event.id);
    }
  };
  /** To be awaited before the chain's end names events no longer. One that failed is still to be written. */
  const flushed = async (): Promise<void> => {
    for (const [id, each] of flushing) {
      flushing.delete(id);
      try {
        await each;
      } catch (error) {
        written.delete(id);
        throw error;
      }
    }
  };
  const clear = async ({ end, size }: StoredEnd): Promise<StoredEnd> => {
    const cleared = { end: { ...end, pending: [] }, size };
    await writeChainEnd(cloneState, cleared);
    return cleared;
  };
  let attributesWritten: Promise<void> | undefined;
  const attributes = (): Promise<void> => {
    attributesWritten ??= writeAttributes(realpathSync.native(options.root));
    attributesWritten.catch(() => {
      attributesWritten = undefined;
    });
    return attributesWritten;
  };
  const recoverBeforeReading = async (): Promise<void> => {
    if (options.readOnly === true) return;
    try {
      const stored = await readChainEnd(cloneState);
      if (stored !== undefined && isLeft(stored.end)) await locked(recover);
    } catch (error) {
      // A damaged chain end stops appending, which says so; what is on disk can be read all the same.
      if (!(error instanceof BackendError && error.kind === 'corrupt')) throw error;
    }
  };

  /** Events of files that did not change are the same objects, so each is hashed once. */
  const hashes = new WeakMap<IdentityEvent, string>();
  const hashOf = (event: IdentityEvent): string => {
    const hash = hashes.get(event) ?? eventHash(event, hasher);
    hashes.set(event, hash);
    return hash;
  };
  const headOf = (events: readonly IdentityEvent[]): string => {
    const lines = events.map((event) => `${event.id} ${hashOf(event)}`).sort();
    return Buffer.from(hasher.hash('sha256', Buffer.from(lines.join('\n')))).toString('hex');
  };

  const readRecord = async (identity: IdentityId): Promise<StoredRecord> => {
    const store = files();
    const events = new Map<string, IdentityEvent>();
    for (const each of [identity, ...formerNames(identity)]) {
      for (const event of (await store.read(checkedFolder(each))).events) events.set(event.id, event);
    }
    const sorted = [...events.values()].sort(byTime);
    return { events: sorted, head: headOf(sorted) };
  };

  const store: StateStore = {
    async list(signal) {
      return (await store.readAll(signal)).records.map(({ identity }) => identity);
    },

    async readAll(signal) {
      await recoverBeforeReading();
      const contents = await files().readAll(RECORDS_FOLDER, signal);
      return {
        records: contents.flatMap(({ events }) => {
          const [first] = events;
          return first === undefined ? [] : [{ identity: first.identity, events: [...events].sort(byTime) }];
        }),
        damaged: contents.flatMap(({ damaged }) => damaged),
      };
    },

    async read(identity, signal) {
      signal.throwIfAborted();
      await recoverBeforeReading();
      return readRecord(identity);
    },

    async append(identity, events, expectedHead, signal) {
      signal.throwIfAborted();
      return locked(async () => {
        const { end, size } = await recover();
        const before = await readRecord(identity);
        const known = new Map(before.events.map((event) => [event.id, event]));
        const fresh = events.filter((event) => !known.has(event.id));
        if (fresh.length > 0) {
          if (before.head !== expectedHead) {
            throw new StaleHead(`the record of ${formatIdentity(identity)} changed since it was read`);
          }
          for (const event of fresh) checkedFolder(event.identity);
          const linked = linkEvents({ ...end, pending: [] }, fresh, hasher);
          await flushed();
          // From this write on the events are part of the chain, whatever happens to this process.
          await writeChainEnd(cloneState, { end: linked, size });
          await writeFiles(linked.pending, { left: false });
          for (const event of linked.pending) known.set(event.id, event);
        }
        const after = [...known.values()].sort(byTime);
        const asked = new Set(events.map((event) => event.id));
        return { events: after, head: headOf(after), appended: after.filter((event) => asked.has(event.id)) };
      });
    },

    async settle(signal) {
      signal.throwIfAborted();
      await locked(async () => {
        const stored = await recover();
        await flushed();
        if (stored.end.pending.length > 0) await clear(stored);
      });
    },

    async restore(events, signal) {
      const store = files();
      const written: string[] = [];
      for (const event of events) {
        signal.throwIfAborted();
        if (!('event' in parseEvent(event))) continue;
        checkedFolder(event.identity);
        if (await store.write(event)) written.push(eventFile(event));
      }
      return written;
    },

    async damaged(signal) {
      return (await store.readAll(signal)).damaged;
    },
  };
  return {
    list: (signal) => onDisk(RECORDS_FOLDER, () => store.list(signal)),
    read: (identity, signal) => onDisk(recordFolder(identity), () => store.read(identity, signal)),
    readAll: (signal) => onDisk(RECORDS_FOLDER, () => store.readAll(signal)),
    append: (identity, events, head, signal) =>
      onDisk(recordFolder(identity), () => store.append(identity, events, head, signal)),
    settle: (signal) => onDisk(RECORDS_FOLDER, () => store.settle(signal)),
    restore: (events, signal) => onDisk(RECORDS_FOLDER, () => store.restore(events, signal)),
    damaged: (signal) => onDisk(RECORDS_FOLDER, () => store.damaged(signal)),
  };
}

/** Oldest first; within one millisecond a clone's own order counts. */
function byTime(a: IdentityEvent, b: IdentityEvent): number {
  return (
    compare(a.at, b.at) ||
    compare(a.chain.clone, b.chain.clone) ||
    a.chain.sequence - b.chain.sequence ||
    compare(a.id, b.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function checkedFolder(identity: IdentityId): string {
  const folder = recordFolder(identity);
  const problem = relativePathProblem(folder);
  const parts = [identity.namespace, identity.kind, identity.name];
  if (problem === undefined && !parts.some((part) => part.includes('/'))) return folder;
  throw new BackendError({
    kind: 'invalid-request',
    what: `${formatIdentity(identity)} cannot have a record: ${problem ?? 'a part of its name holds a slash'}`,
    hint: 'names are DNS-1123 labels: lower case letters, digits and hyphens',
  });
}

/** Line ends of events stay as they were written; the file is left alone once it is there. */
async function writeAttributes(root: string): Promise<void> {
  await withFolder(root, ['.identity'], { mode: 0o755 }, async (folder) => {
    try {
      const descriptor = openSync(folder.at('.gitattributes'), 'wx', 0o644);
      try {
        writeWhole(descriptor, Buffer.from('records/** -text\n'), 0);
        await flush(descriptor);
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      if (errno(error) !== 'EEXIST') throw error;
    }
  });
}
