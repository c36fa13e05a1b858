import { closeSync, constants, existsSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { BackendError } from '../../backends/errors.ts';
import { syncFolder } from './atomicFile.ts';
import { errno } from './errno.ts';

/** A folder below a root, reached without following any link, so that nobody can swap one in on the way. */
export interface HeldFolder {
  /** A path for file calls on `name` in this folder; '' is the folder itself. */
  at(name: string): string;
  /** Throws when the folder is no longer the one that was reached. To be asked before a result counts. */
  confirm(): Promise<void>;
}

/** How missing folders are made. */
export interface NewFolders {
  readonly mode: number;
  /** Is given what puts a new folder's name on disk, which has begun; absent: that is waited for. */
  readonly flushing?: (flushed: Promise<void>) => void;
}

/**
 * Linux has no `openat` in Node, but `/proc/self/fd/N/name` resolves from the open folder N, whatever happens to its
 * path meanwhile. Elsewhere the folders' identities are compared before and after.
 */
const ANCHORED = process.platform === 'linux' && existsSync('/proc/self/fd');

/**
 * Runs `work` on the folder `segments` below `root` (a real path). A missing folder is made as `create` says, or
 * gives undefined when it is null. A link on the way is BackendError `forbidden`.
 */
export async function withFolder<T>(
  root: string,
  segments: readonly string[],
  create: NewFolders | null,
  work: (folder: HeldFolder) => Promise<T>,
  anchored = ANCHORED,
): Promise<T | undefined> {
  return anchored
    ? withAnchoredFolder(root, segments, create, work)
    : withComparedFolder(root, segments, create, work);
}

/** Runs `work` on the folder `name` in one that is held; undefined when there is none. A link is `forbidden`. */
export async function withFolderIn<T>(
  held: HeldFolder,
  name: string,
  work: (folder: HeldFolder) => Promise<T>,
): Promise<T | undefined> {
  if (!ANCHORED) return withComparedFolder(held.at(''), [name], null, work);
  const folder = await enter(held.at(name), null, name);
  if (folder === undefined) return undefined;
  try {
    return await work(anchoredAt(folder));
  } finally {
    closeSync(folder);
  }
}

/** `descriptor` of the open folder. */
function anchoredAt(descriptor: number): HeldFolder {
  const base = `/proc/self/fd/${descriptor}`;
  return {
    at: (name) => (name === '' ? base : `${base}/${name}`),
    // It is the folder itself: there is nothing to swap.
    confirm: async () => undefined,
  };
}

async function withAnchoredFolder<T>(
  root: string,
  segments: readonly string[],
  create: NewFolders | null,
  work: (folder: HeldFolder) => Promise<T>,
): Promise<T | undefined> {
  let folder = openSync(root, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    for (const [index, segment] of segments.entries()) {
      const place = `/proc/self/fd/${folder}/${segment}`;
      const next = await enter(place, create, segments.slice(0, index + 1).join('/'));
      if (next === undefined) return undefined;
      const left = folder;
      folder = next;
      closeSync(left);
    }
    return await work(anchoredAt(folder));
  } finally {
    closeSync(folder);
  }
}

async function enter(place: string, create: NewFolders | null, shown: string): Promise<number | undefined> {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return openSync(place, flags);
    } catch (error) {
      const code = errno(error);
      // Linux answers ENOTDIR for a link when O_DIRECTORY is asked for, other systems ELOOP.
      if (code === 'ENOTDIR' || code === 'ELOOP') throw linkOnTheWay(shown, error);
      if (code !== 'ENOENT') throw error;
      if (create === null) return undefined;
      // Made and gone again, several times over: somebody else works on it.
      if (attempt === 5) throw linkOnTheWay(shown, error);
      await makeOne(place, create);
    }
  }
}

async function withComparedFolder<T>(
  root: string,
  segments: readonly string[],
  create: NewFolders | null,
  work: (folder: HeldFolder) => Promise<T>,
): Promise<T | undefined> {
  const places = segments.map((_, index) => path.join(root, ...segments.slice(0, index + 1)));
  const seen: string[] = [];
  for (const place of places) {
    let identity = folderIdentity(root, place);
    if (identity === undefined && create !== null) {
      await makeOne(place, create);
      identity = folderIdentity(root, place);
    }
    if (identity === undefined) return undefined;
    seen.push(identity);
  }
  const base = places.at(-1) ?? root;
  return work({
    at: (name) => path.join(base, name),
    async confirm() {
      for (const [index, place] of places.entries()) {
        if (folderIdentity(root, place) !== seen[index]) throw linkOnTheWay(path.relative(root, place));
      }
    },
  });
}

function folderIdentity(root: string, place: string): string | undefined {
  try {
    const state = lstatSync(place, { bigint: true });
    if (!state.isDirectory()) throw linkOnTheWay(path.relative(root, place));
    return `${state.dev} ${state.ino}`;
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function makeOne(place: string, { mode, flushing }: NewFolders): Promise<void> {
  try {
    mkdirSync(place, { mode });
  } catch (error) {
    if (errno(error) !== 'EEXIST') throw error;
    return;
  }
  const flushed = syncFolder(path.dirname(place));
  if (flushing === undefined) await flushed;
  else flushing(flushed);
}

function linkOnTheWay(shown: string, cause?: unknown): BackendError {
  return new BackendError({
    kind: 'forbidden',
    what: `${shown} is a link or a file where a folder is expected, or it was changed while it was opened`,
    hint: 'make it a real folder inside the project, and look at who changed it',
    cause,
  });
}
