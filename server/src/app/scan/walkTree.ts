import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';

/** What was not looked at, and why: a clean answer says so. */
export interface Skipped {
  readonly path: string;
  readonly why: string;
}

export interface TreeFile {
  /** Relative to the root, forward slashes. */
  readonly path: string;
  /** Good until the next file is asked for. */
  readonly bytes: Uint8Array;
}

/** A larger file is no source, and holds one thread for too long. */
export const LARGEST = 64 * 1024 * 1024;
const DEEPEST = 64;
/** Git's own data: what was committed is asked of git, not of its files. */
const GIT = '.git';
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Every file below `start` (relative to `root`, or a file itself), in the order of names. Links are not followed, since they lead
 * out or in circles; pipes and devices are never read. One buffer serves all files.
 */
export function* walkTree(root: string, start: string, skipped: Skipped[]): Generator<TreeFile> {
  let buffer = Buffer.allocUnsafe(256 * 1024);
  const read = (file: string): Uint8Array | string => {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(path.join(root, file), READ);
      const state = fstatSync(descriptor);
      if (!state.isFile()) return 'it is no regular file';
      if (state.size > LARGEST) return `it has more than ${LARGEST / 1024 / 1024} MiB`;
      if (state.size > buffer.length) buffer = Buffer.allocUnsafe(state.size);
      let length = 0;
      for (;;) {
        const count = readSync(descriptor, buffer, length, buffer.length - length, null);
        length += count;
        if (count === 0 || length === buffer.length) return buffer.subarray(0, length);
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ELOOP' ? 'it is a link' : `it cannot be read (${code ?? String(error)})`;
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  };
  const file = function* (name: string): Generator<TreeFile> {
    const bytes = read(name);
    if (typeof bytes === 'string') skipped.push({ path: name, why: bytes });
    else if (bytes.length > 0) yield { path: name, bytes };
  };
  const folder = function* (name: string, depth: number): Generator<TreeFile> {
    if (depth > DEEPEST) {
      skipped.push({ path: name, why: `it is more than ${DEEPEST} folders deep` });
      return;
    }
    let entries: Dirent[];
    try {
      entries = readdirSync(path.join(root, name), { withFileTypes: true });
    } catch (error) {
      skipped.push({ path: name, why: `it cannot be read (${(error as NodeJS.ErrnoException).code})` });
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = name === '' ? entry.name : `${name}/${entry.name}`;
      if (entry.name === GIT) continue;
      if (entry.isDirectory()) yield* folder(below, depth + 1);
      else if (entry.isFile()) yield* file(below);
      else
        skipped.push({ path: below, why: entry.isSymbolicLink() ? 'it is a link' : 'it is no regular file' });
    }
  };
  let isFolder: boolean;
  try {
    readdirSync(path.join(root, start));
    isFolder = true;
  } catch (error) {
    isFolder = (error as NodeJS.ErrnoException).code !== 'ENOTDIR';
  }
  yield* isFolder ? folder(start, 0) : file(start);
}
