import { setImmediate } from 'node:timers/promises';
import { SLICE_MS, walkManifests } from './workspaceFiles.ts';
import { type DiskStamp, type DiskText, readManifestText } from './workspaceText.ts';

/** How far the first reading of a folder is, in files. */
export interface Reading {
  readonly done: number;
  readonly total: number;
}

/** A file that is new, or not what it was. */
export interface FreshFile {
  readonly path: string;
  readonly text: DiskText;
}

/** Waits when it is time for others: whoever types is answered first. */
export type Turns = () => Promise<void>;

export function turns(signal: AbortSignal): Turns {
  let turn = performance.now();
  return async () => {
    if (performance.now() - turn < SLICE_MS) return;
    await setImmediate();
    signal.throwIfAborted();
    turn = performance.now();
  };
}

export interface FolderNow {
  readonly paths: ReadonlySet<string>;
  readonly fresh: readonly FreshFile[];
}

/** The manifests of a folder, with the texts of those that changed since `known`. */
export async function readFolder(
  root: string,
  known: (path: string) => DiskStamp | undefined,
  signal: AbortSignal,
): Promise<FolderNow> {
  const paths = new Set<string>();
  const fresh: FreshFile[] = [];
  const turn = turns(signal);
  for await (const path of walkManifests(root, signal)) {
    const text = readManifestText(root, path, known(path));
    if (text !== undefined) paths.add(path);
    if (text !== undefined && text !== 'same') fresh.push({ path, text });
    await turn();
  }
  signal.throwIfAborted();
  return { paths, fresh };
}

/** Kinds that most manifests name or inherit from, or are judged by. */
const COMMON = /\bkind["']?[ \t]*:[ \t]*["']?(?:Backend|Machine|Policy|Project)\b/;

/**
 * What many others name comes first, so that what is said of those while the rest is read holds in the end. A look at the text
 * alone: whoever relies on it compares when all is read.
 */
export function commonFirst(files: readonly FreshFile[]): {
  readonly common: readonly FreshFile[];
  readonly others: readonly FreshFile[];
} {
  const common: FreshFile[] = [];
  const others: FreshFile[] = [];
  for (const file of files) (COMMON.test(file.text.text) ? common : others).push(file);
  return { common, others };
}
