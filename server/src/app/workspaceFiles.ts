import { type Dirent, readdirSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { mayHoldManifests } from '../core/manifest/fileName.ts';

const SKIPPED = new Set(['.git', 'node_modules']);
/** False: it lies in a folder that is never looked into. */
export function isWalked(file: string): boolean {
  return !file.split('/').some((part) => SKIPPED.has(part));
}

/** What a project keeps of itself. A folder inside that has one is a project root of its own. */
export const STATE_FOLDER = '.identity';
/** Longest turn without giving way to requests. */
export const SLICE_MS = 8;

/**
 * Files below `root` that may hold manifests, sorted folder by folder. Links to folders are not followed, so there are no
 * loops; a link to a file counts when that file lies in `root`. What cannot be read is passed over.
 */
export async function* walkManifests(root: string, signal: AbortSignal): AsyncGenerator<string> {
  const realRoot = await realpath(root).catch(() => root);
  const folders = [''];
  let turn = performance.now();
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    if (performance.now() - turn > SLICE_MS) {
      await setImmediate();
      turn = performance.now();
    }
    const entries = entriesOf(path.join(root, folder));
    if (folder !== '' && entries.some((entry) => entry.name === STATE_FOLDER && entry.isDirectory()))
      continue;
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && below !== `${STATE_FOLDER}/records`) folders.push(below);
      } else if (mayHoldManifests(entry.name)) {
        if (
          entry.isFile() ||
          (entry.isSymbolicLink() && (await isFileInside(realRoot, path.join(root, below))))
        )
          yield below;
      }
    }
  }
}

/** Synchronous, as reading manifests is: the way through the thread pool costs several times what the listing does. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

async function isFileInside(realRoot: string, link: string): Promise<boolean> {
  try {
    const target = await realpath(link);
    return target.startsWith(realRoot + path.sep) && (await stat(target)).isFile();
  } catch {
    return false;
  }
}
