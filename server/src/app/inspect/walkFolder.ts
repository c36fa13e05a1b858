import { readdir, stat } from 'node:fs/promises';
import { reasonOf } from './readInput.ts';

/** Git's own objects are compressed: there is nothing to see in them, and a lot of it. */
const OMITTED = new Set(['.git']);
const MAX_DEPTH = 64;

export type Met =
  | { readonly kind: 'file'; readonly path: string }
  /** A folder that is not gone into: a link to one, git's own, or nested too deep. */
  | { readonly kind: 'omitted'; readonly path: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly reason: string };

/** Everything below a folder in the order of names. Links to files are files; links to folders could lead in circles. */
export async function* walkFolder(folder: string, signal: AbortSignal, depth = 0): AsyncGenerator<Met> {
  signal.throwIfAborted();
  let entries: Awaited<ReturnType<typeof readEntries>>;
  try {
    entries = await readEntries(folder);
  } catch (error) {
    yield { kind: 'unreadable', path: folder, reason: reasonOf(error) };
    return;
  }
  for (const entry of entries) {
    const path = `${folder.replace(/\/$/, '')}/${entry.name}`;
    if (entry.isDirectory()) {
      if (OMITTED.has(entry.name) || depth >= MAX_DEPTH) yield { kind: 'omitted', path };
      else yield* walkFolder(path, signal, depth + 1);
    } else if (entry.isSymbolicLink() && (await leadsToFolder(path))) yield { kind: 'omitted', path };
    else yield { kind: 'file', path };
  }
}

async function readEntries(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
