import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BackendError } from '../../backends/errors.ts';
import type { IdentityEvent } from '../../core/lifecycle/event.ts';
import { eventFile, eventText } from '../../core/lifecycle/eventFile.ts';
import { parseEvent } from '../../core/lifecycle/parseEvent.ts';
import { sharedParts } from '../../core/lifecycle/sharedParts.ts';
import type { DamagedEvent } from '../../core/lifecycle/stateStore.ts';
import type { Cancellation } from '../../core/ports.ts';
import { textNumber } from '../../core/text/textNumber.ts';
import {
  type AtomicWrite,
  removeAbandonedDrafts,
  syncFile,
  syncFolder,
  writeAtomically,
  writeVisibly,
} from './atomicFile.ts';
import { errno } from './errno.ts';
import { type HeldFolder, type NewFolders, withFolder, withFolderIn } from './heldFolder.ts';

export interface FolderContent {
  readonly events: readonly IdentityEvent[];
  readonly damaged: readonly DamagedEvent[];
}

/** A larger file is no event; reading it would only take memory. */
const MAXIMUM_EVENT = 1024 * 1024;
/** Of thousands of records: then an editor's requests have their turn. */
const TURN_MILLISECONDS = 8;
/** Below the folder of records: namespace, kind, name. */
const LEVELS = 3;
const LINKED = 'it is a link: a record holds files only';
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A file as it was read. */
interface Known {
  readonly name: string;
  readonly stamp: number;
  readonly reading: Reading;
}

type Reading = { readonly event: IdentityEvent } | { readonly why: string };

/** Reads and writes event files below a project root; files are written once, so what was read is kept. */
export function eventFilesOf(root: string) {
  /** By folder, since names alone are short; a folder holds few. */
  const known = new Map<string, Known[]>();
  const shared = sharedParts();

  const readOne = (
    folder: HeldFolder,
    name: string,
    file: string,
    ofFolder: Known[],
  ): Reading | undefined => {
    try {
      const before = ofFolder.find((each) => each.name === name);
      if (before !== undefined && before.stamp === stampOf(lstatSync(folder.at(name), { bigint: true })))
        return before.reading;
      const descriptor = openSync(folder.at(name), READ);
      try {
        const state = fstatSync(descriptor, { bigint: true });
        if (!state.isFile()) return { why: 'it is no file' };
        if (state.size > MAXIMUM_EVENT) return { why: 'it has more than 1 MiB' };
        const read = readEvent(readFileSync(descriptor, 'utf8'), file);
        const reading = 'event' in read ? { event: shared(read.event) } : read;
        if (before !== undefined) ofFolder.splice(ofFolder.indexOf(before), 1);
        ofFolder.push({ name, stamp: stampOf(state), reading });
        return reading;
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      switch (errno(error)) {
        case 'ENOENT':
          return undefined;
        case 'ELOOP':
          return { why: LINKED };
        case undefined:
          throw error;
        default:
          return { why: `it cannot be read (${errno(error)})` };
      }
    }
  };

  const readFolder = async (held: HeldFolder, folder: string): Promise<FolderContent> => {
    const events: IdentityEvent[] = [];
    const damaged: DamagedEvent[] = [];
    const fileOfId = new Map<string, string>();
    const ofFolder = known.get(folder) ?? [];
    for (const name of readdirSync(held.at('')).sort()) {
      if (name.startsWith('.') || !name.endsWith('.json')) continue;
      const file = `${folder}/${name}`;
      const reading = readOne(held, name, file, ofFolder);
      if (reading === undefined) continue;
      if ('why' in reading) {
        damaged.push({ file, why: reading.why });
        continue;
      }
      const other = fileOfId.get(reading.event.id);
      if (other === undefined) {
        fileOfId.set(reading.event.id, file);
        events.push(reading.event);
      } else {
        damaged.push({ file, why: `it has the same id as ${other}` });
      }
    }
    if (ofFolder.length > 0) known.set(folder, ofFolder);
    await held.confirm();
    return { events, damaged };
  };

  /** From one held folder to the next, so that what leads there is opened once and not for each record. */
  const walk = async (
    held: HeldFolder,
    folder: string,
    level: number,
    found: FolderContent[],
    turn: { began: number },
    signal: Cancellation,
  ): Promise<void> => {
    signal.throwIfAborted();
    if (level === LEVELS) {
      if (performance.now() - turn.began > TURN_MILLISECONDS) {
        await setImmediate();
        turn.began = performance.now();
      }
      found.push(await readFolder(held, folder));
      return;
    }
    for (const entry of readdirSync(held.at(''), { withFileTypes: true })) {
      const below = `${folder}/${entry.name}`;
      if (entry.isSymbolicLink()) found.push({ events: [], damaged: [{ file: below, why: LINKED }] });
      if (!entry.isDirectory()) continue;
      const inside = (next: HeldFolder) => walk(next, below, level + 1, found, turn, signal);
      const ended = await unlessLinked(withFolderIn(held, entry.name, inside));
      if (ended !== undefined) found.push({ events: [], damaged: [{ file: below, why: ended.why }] });
    }
    await held.confirm();
  };

  const inFolderOf = <T>(
    event: IdentityEvent,
    work: (folder: HeldFolder, name: string) => Promise<T>,
    flushing?: NewFolders['flushing'],
  ): Promise<T | undefined> => {
    const segments = eventFile(event).split('/');
    const name = segments.pop() ?? '';
    const folders = { mode: 0o755, ...(flushing === undefined ? {} : { flushing }) };
    return withFolder(root, segments, folders, (folder) => work(folder, name));
  };

  return {
    /** Of every folder below `folder` (relative to the root) that could hold a record. */
    async readAll(folder: string, signal: Cancellation): Promise<readonly FolderContent[]> {
      const found: FolderContent[] = [];
      const turn = { began: performance.now() };
      const inside = (held: HeldFolder) => walk(held, folder, 0, found, turn, signal);
      const ended = await unlessLinked(withFolder(root, folder.split('/'), null, inside));
      return ended === undefined ? found : [{ events: [], damaged: [{ file: folder, why: ended.why }] }];
    },

    async read(folder: string): Promise<FolderContent> {
      const content = await unlessLinked(
        withFolder(root, folder.split('/'), null, (held) => readFolder(held, folder)),
      );
      if (content === undefined) return { events: [], damaged: [] };
      return 'why' in content ? { events: [], damaged: [{ file: folder, why: content.why }] } : content;
    },

    /** On disk when it returns. False when the file is there already. */
    async write(event: IdentityEvent): Promise<boolean> {
      const written = await inFolderOf(event, async (folder, name) => {
        if (readdirSync(folder.at('')).includes(name)) return false;
        await removeAbandonedDrafts(folder.at(''));
        await writeAtomically(folder.at(name), contentOf(event), modeOf(folder));
        return true;
      });
      return written ?? false;
    },

    /**
     * There for every reader when it returns, and on disk when `flushed` of the answer has ended. One that is there and
     * says something else is replaced: a power loss tore it. `left`: by a process that may have died before the folders that
     * it made were on disk.
     */
    async writeVisibly(
      event: IdentityEvent,
      { left }: { readonly left: boolean },
    ): Promise<{ readonly flushed: Promise<void> }> {
      const flushing: Promise<void>[] = [];
      const put = async (folder: HeldFolder, name: string): Promise<void> => {
        const content = contentOf(event);
        if (!readdirSync(folder.at('')).includes(name) || !holds(folder.at(name), content)) {
          await removeAbandonedDrafts(folder.at(''));
          await writeVisibly(folder.at(name), content, modeOf(folder));
        }
        // Begun while the folder is held: what is flushed is open by then.
        flushing.push(syncFile(folder.at(name)));
      };
      try {
        await inFolderOf(event, put, (each) => flushing.push(each));
        if (left) flushing.push(...foldersTo(event).map((folder) => syncFolder(path.join(root, folder))));
      } finally {
        // Whoever waits is told; that nobody waits yet is no fault.
        for (const each of flushing) each.catch(() => undefined);
      }
      const flushed = Promise.all(flushing).then(() => undefined);
      flushed.catch(() => undefined);
      return { flushed };
    },
  };
}

/** Those that may have been made for it, but for the one that it lies in. */
function foldersTo(event: IdentityEvent): readonly string[] {
  const segments = eventFile(event).split('/').slice(0, -2);
  return ['', ...segments.map((_, index) => segments.slice(0, index + 1).join('/'))];
}

function contentOf(event: IdentityEvent): Buffer {
  return Buffer.from(eventText(event));
}

function modeOf(folder: HeldFolder): AtomicWrite {
  return { mode: 0o644, beforeRename: () => folder.confirm() };
}

/** No link, and nothing else that is no file. */
function holds(file: string, content: Buffer): boolean {
  try {
    const descriptor = openSync(file, READ);
    try {
      const state = fstatSync(descriptor);
      return state.isFile() && state.size === content.length && readFileSync(descriptor).equals(content);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (errno(error) === undefined) throw error;
    return false;
  }
}

/** Another stamp: the file may have another content. */
function stampOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): number {
  return textNumber(`${ino} ${size} ${mtimeNs} ${ctimeNs}`);
}

/** A link on the way is damage to report, and no reason to fail. */
async function unlessLinked<T>(work: Promise<T>): Promise<T | { readonly why: string }> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BackendError && error.kind === 'forbidden') return { why: error.what };
    throw error;
  }
}

function readEvent(text: string, file: string): Reading {
  if (/^(<{7}|={7}|>{7})/m.test(text))
    return { why: 'it holds conflict markers of a merge: restore either side whole' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { why: text.trim() === '' ? 'it is empty' : 'it is no JSON' };
  }
  const parsed = parseEvent(value);
  if (!('event' in parsed)) return parsed;
  const place = eventFile(parsed.event);
  return place === file ? parsed : { why: `it belongs to ${place}` };
}
