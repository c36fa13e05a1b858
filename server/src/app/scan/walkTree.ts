import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** What was not looked at, and why: a clean answer says so. */
export interface Skipped {
  readonly path: string;
  readonly why: string;
}

export interface TreeFile {
  /** Relative to the root, forward slashes. */
  readonly path: string;
  /** What the file system calls it, from the root on: octets where they are no UTF-8. */
  readonly name: string | Buffer;
}

const DEEPEST = 64;
/** Git's own data: what was committed is asked of git, not of its files. */
const GIT = '.git';
/** What stands for octets that are no UTF-8. */
const UNREADABLE = '\ufffd';

/**
 * Every file below `start` (relative to `root`, or a file itself), in the order of names, and what is none. Links are not followed,
 * since they lead out or in circles; pipes and devices are never read.
 */
export function* walkTree(root: string, start: string): Generator<TreeFile | Skipped> {
  const folder = function* (at: TreeFile, depth: number): Generator<TreeFile | Skipped> {
    if (depth > DEEPEST) {
      yield { path: at.path, why: `it is more than ${DEEPEST} folders deep` };
      return;
    }
    let entries: readonly Entry[];
    try {
      entries = entriesOf(placeOf(root, at.name));
    } catch (error) {
      yield { path: at.path, why: unreadable(error) };
      return;
    }
    for (const { name, real, entry } of entries) {
      if (name === GIT) continue;
      const below = {
        path: at.path === '' ? name : `${at.path}/${name}`,
        name: at.path === '' ? real : joined(at.name, real),
      };
      if (entry.isDirectory()) yield* folder(below, depth + 1);
      else if (entry.isFile()) yield below;
      else yield { path: below.path, why: entry.isSymbolicLink() ? 'it is a link' : 'it is no regular file' };
    }
  };
  const first = { path: start, name: start };
  if (start === '' || isFolder(path.join(root, start))) yield* folder(first, 0);
  else yield first;
}

/** What cannot be asked is told by who reads it. */
function isFolder(place: string): boolean {
  try {
    return lstatSync(place).isDirectory();
  } catch {
    return false;
  }
}

export function placeOf(root: string, name: string | Buffer): string | Buffer {
  return typeof name === 'string' ? path.join(root, name) : joined(root, name);
}

export function unreadable(error: unknown): string {
  return `it cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
}

interface Entry {
  readonly name: string;
  readonly real: string | Buffer;
  readonly entry: Dirent | Dirent<Buffer>;
}

function entriesOf(folder: string | Buffer): readonly Entry[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const found = entries.some(({ name }) => name.includes(UNREADABLE))
    ? readdirSync(folder, { withFileTypes: true, encoding: 'buffer' }).map(byOctets)
    : entries.map((entry): Entry => ({ name: entry.name, real: entry.name, entry }));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function byOctets(entry: Dirent<Buffer>): Entry {
  const name = entry.name.toString('utf8');
  return { name, real: name.includes(UNREADABLE) ? entry.name : name, entry };
}

function joined(folder: string | Buffer, name: string | Buffer): string | Buffer {
  if (typeof folder === 'string' && typeof name === 'string') return `${folder}/${name}`;
  return Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(name)]);
}
