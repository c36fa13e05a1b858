import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { BackendError } from '../../backends/errors.ts';
import { makeFolder, syncFolder } from './atomicFile.ts';
import { onDisk } from './diskError.ts';
import { errno, unlessMissing } from './errno.ts';

/**
 * A journal: one JSON value per line, never changed. One process writes at a time (it holds a lock of its own);
 * anybody may read.
 */
export interface AppendLog<T> {
  readonly file: string;
  /** On disk (fsync) when it returns; appends of one process come in the order of the calls. */
  append(...entries: readonly T[]): Promise<void>;
  /** All entries that were written completely. BackendError `corrupt` when a line in the middle cannot be read. */
  entries(): Promise<readonly T[]>;
}

const NEWLINE = 0x0a;

export function openAppendLog<T>(file: string): AppendLog<T> {
  let last: Promise<void> = Promise.resolve();
  let end: End | undefined;
  return {
    file,
    append(...entries) {
      const lines = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      const turn = last.then(async () => {
        end = await onDisk(file, () => appendLines(file, lines, end));
      });
      // One failed append is its caller's business and must not stop the next.
      last = turn.catch(() => undefined);
      return turn;
    },
    async entries() {
      const bytes = await onDisk(file, () => unlessMissing(readFile(file)));
      return bytes === undefined ? [] : (readLines(file, bytes).entries as T[]);
    },
  };
}

/** Where this process left the file. */
interface End {
  readonly inode: bigint;
  readonly size: bigint;
}

/** `known`: when the file still ends there, its last line is whole and nothing needs to be read. */
async function appendLines(file: string, lines: Buffer, known: End | undefined): Promise<End> {
  const { handle, created } = await openForAppend(file);
  try {
    const { ino: inode, size } = await handle.stat({ bigint: true });
    let complete = Number(size);
    if (known?.inode !== inode || known.size !== size) {
      const bytes = created ? Buffer.alloc(0) : await handle.readFile();
      ({ complete } = readLines(file, bytes));
      if (complete < bytes.length) await handle.truncate(complete);
    }
    await handle.write(lines, 0, lines.length, complete);
    await handle.sync();
    if (created) await syncFolder(path.dirname(file));
    return { inode, size: BigInt(complete + lines.length) };
  } finally {
    await handle.close();
  }
}

async function openForAppend(file: string) {
  try {
    return { handle: await open(file, 'r+'), created: false };
  } catch (error) {
    if (errno(error) !== 'ENOENT') throw error;
  }
  await makeFolder(path.dirname(file), 0o700);
  return { handle: await open(file, 'wx+', 0o600), created: true };
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
