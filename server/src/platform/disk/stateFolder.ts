import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import path from 'node:path';
import type { StateFolder } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import { relativePathProblem } from '../../core/text/relativePath.ts';
import { isDraft, makeFolder, removeAbandonedDrafts, syncFolder, writeAtomically } from './atomicFile.ts';
import { onDisk } from './diskError.ts';
import { ifThere } from './errno.ts';
import { flush, writeWhole } from './flush.ts';
import { withLock } from './lock.ts';

const NEWLINE = 0x0a;

/** How long `locked` waits for another process: its work under a lock is short, or it hangs. */
const LOCK_WAIT = 30_000;

/**
 * Files of ours under `dir`, which is made when first written to; folders 0700, files 0600. `locksOften`, where many of its
 * locks are taken, or one again and again: what others read who wait for any of them, as an infinitive without "to".
 */
export function openStateFolder(
  dir: string,
  { locksOften }: { readonly locksOften?: string } = {},
): StateFolder {
  const place = (name: string): string => {
    const problem = relativePathProblem(name) ?? (isLock(name) ? 'it ends like a lock' : undefined);
    if (problem !== undefined) {
      throw new BackendError({
        kind: 'invalid-request',
        what: `"${name}" cannot name a file of the state folder: ${problem}`,
        hint: 'this is a mistake in the program: please report it',
      });
    }
    return path.join(dir, ...name.split('/'));
  };
  return {
    read: async (name) => onDisk(place(name), async () => ifThere(() => readFileSync(place(name)))),
    async write(name, bytes) {
      const file = place(name);
      await onDisk(file, async () => {
        await makeFolder(path.dirname(file), 0o700);
        await removeAbandonedDrafts(path.dirname(file));
        await writeAtomically(file, bytes, { mode: 0o600 });
      });
    },
    async appendLine(name, line) {
      const file = place(name);
      await onDisk(file, async () => {
        const descriptor = openSync(file, 'r+');
        try {
          const end = readFileSync(descriptor).lastIndexOf(NEWLINE) + 1;
          if (end < fstatSync(descriptor).size) ftruncateSync(descriptor, end);
          writeWhole(descriptor, Buffer.from(`${line}\n`), end);
          await flush(descriptor);
        } finally {
          closeSync(descriptor);
        }
      });
    },
    async remove(name) {
      const file = place(name);
      await onDisk(file, async () => {
        if (removed(file)) await syncFolder(path.dirname(file));
      });
    },
    async list(folder) {
      const names = await onDisk(dir, async () => listFiles(folder === '' ? dir : place(folder), folder));
      return names.filter((name) => !isLock(name));
    },
    look: () => onDisk(dir, async () => lookAt(dir)),
    locked: async (name, work, signal) =>
      withLock(
        `${place(name)}.lock`,
        work,
        {
          wait: LOCK_WAIT,
          what: `use ${name}`,
          ...(locksOften === undefined ? {} : { often: locksOften }),
        },
        signal,
      ),
  };
}

/** A folder that is not there yet is made in the nearest one that is. On Windows the mode tells nothing. */
function lookAt(dir: string) {
  const own = ifThere(() => statSync(dir));
  let nearest = dir;
  while (ifThere(() => statSync(nearest)) === undefined && path.dirname(nearest) !== nearest)
    nearest = path.dirname(nearest);
  const writable = mayWriteIn(nearest);
  const openToOthers = process.platform !== 'win32' && own !== undefined && (own.mode & 0o077) !== 0;
  return { folder: dir, writable, openToOthers };
}

function mayWriteIn(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** False where there was none. */
export function removed(file: string): boolean {
  return (
    ifThere(() => {
      unlinkSync(file);
      return true;
    }) ?? false
  );
}

/** Full names (`folder/…`) of all files under `folder`, at any depth, sorted. */
export function listFiles(place: string, folder: string): readonly string[] {
  const found: string[] = [];
  const visit = (at: string, prefix: string): void => {
    for (const entry of ifThere(() => readdirSync(at, { withFileTypes: true })) ?? []) {
      const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      if (entry.isDirectory()) visit(path.join(at, entry.name), name);
      else if (entry.isFile() && !isDraft(entry.name)) found.push(name);
    }
  };
  visit(place, folder);
  return found.sort();
}

/** What lock.ts leaves beside our files. */
function isLock(name: string): boolean {
  return /\.lock(?:\.[0-9a-f.-]+\.(?:draft|takeover))?$/.test(name);
}
