import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BackendError } from '../../backends/errors.ts';
import { makeFolder, syncFolder } from './atomicFile.ts';
import { onDisk } from './diskError.ts';
import { errno, ifThere } from './errno.ts';
import { flush, writeWhole } from './flush.ts';

/**
 * A journal: one JSON value per line, never changed. One process writes at a time (it holds a lock of its own);
 * anybody may read.
 */
export interface AppendLog<T> {
  readonly file: string;
  /**
   * On disk (fsync) when it returns; appends of one process come in the order of the calls. The file stays open for the
   * next one until `close`.
   */
  append(...entries: readonly T[]): Promise<void>;
  /** There for whoever reads, also when this process is killed; on disk with the next `append`. */
  begin(first: T): Promise<void>;
  /** All entries that were written completely. BackendError `corrupt` when a line in the middle cannot be read. */
  entries(): Promise<readonly T[]>;
  /** Another append opens it again. */
  close(): Promise<void>;
}

const NEWLINE = 0x0a;

export function openAppendLog<T>(file: string): AppendLog<T> {
  let last: Promise<void> = Promise.resolve();
  let writing: Writing | undefined;
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(() => onDisk(file, work));
    // One failed append is its caller's business and must not stop the next.
    last = turn.catch(() => undefined);
    return turn;
  };
  const write = async (lines: Buffer, flushed: (to: Writing) => Promise<void>): Promise<void> => {
    try {
      writing ??= await openAtEnd(file);
      writeWhole(writing.descriptor, lines, writing.end);
      await flushed(writing);
      writing.end += lines.length;
    } catch (error) {
      // How much of it is there, nobody knows: the next one looks.
      await close().catch(() => undefined);
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    const descriptor = writing?.descriptor;
    writing = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  };
  return {
    file,
    append(...entries) {
      const lines = linesOf(entries);
      return inTurn(() => write(lines, flushWhole));
    },
    begin(first) {
      const line = linesOf([first]);
      return inTurn(() => write(line, async () => undefined));
    },
    async entries() {
      const bytes = await onDisk(file, async () => ifThere(() => readFileSync(file)));
      return bytes === undefined ? [] : (readLines(file, bytes).entries as T[]);
    },
    close: () => inTurn(close),
  };
}

interface Writing {
  readonly descriptor: number;
  /** Where the last whole line ends. */
  end: number;
  /** Where the file was made just now: its name is not on disk before its folder is. */
  folderToSync: string | undefined;
}

function linesOf(entries: readonly unknown[]): Buffer {
  return Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

async function flushWhole(to: Writing): Promise<void> {
  const { folderToSync: folder } = to;
  await Promise.all([flush(to.descriptor), folder === undefined ? undefined : syncFolder(folder)]);
  to.folderToSync = undefined;
}

async function openAtEnd(file: string): Promise<Writing> {
  const { descriptor, created } = await openForAppend(file);
  try {
    if (created) return { descriptor, end: 0, folderToSync: path.dirname(file) };
    const bytes = readFileSync(descriptor);
    const { complete } = readLines(file, bytes);
    if (complete < bytes.length) ftruncateSync(descriptor, complete);
    // One that was begun and not gone on with may have a name that is not on disk.
    return { descriptor, end: complete, folderToSync: path.dirname(file) };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

async function openForAppend(file: string) {
  try {
    return { descriptor: openSync(file, 'r+'), created: false };
  } catch (error) {
    if (errno(error) !== 'ENOENT') throw error;
  }
  await makeFolder(path.dirname(file), 0o700);
  return { descriptor: openSync(file, 'wx+', 0o600), created: true };
}

/**
 * `complete` is where the last readable line ends. What follows it is the line that a crash tore: without its newline,
 * or (after a power loss, when blocks reach the disk in any order) with one but unreadable.
 */
function readLines(file: string, bytes: Buffer): { entries: unknown[]; complete: number } {
  const entries: unknown[] = [];
  let complete = 0;
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(NEWLINE, complete);
    if (end === -1) return { entries, complete };
    try {
      entries.push(JSON.parse(bytes.toString('utf8', complete, end)));
    } catch (cause) {
      if (end === bytes.length - 1) return { entries, complete };
      throw new BackendError({
        kind: 'corrupt',
        what: `line ${line} of the journal ${file} cannot be read`,
        hint: 'restore the file from a backup, or move it away and check with "idac verify" what is out there',
        cause,
      });
    }
    complete = end + 1;
  }
}
