import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errno, ifThere } from './errno.ts';
import type { FileOwner } from './fileOwner.ts';
import { flush, writeWhole } from './flush.ts';
import { mayRun, ownProcess, parseMark } from './processIdentity.ts';

export interface AtomicWrite {
  readonly mode: number;
  readonly owner?: FileOwner;
  /** The temporary file, where a name of our own in the same folder will not do. */
  readonly draft?: string;
  /** The last word before the new content becomes visible: throwing leaves the old one. */
  readonly beforeRename?: () => Promise<void>;
}

/**
 * Writes a file so that a reader sees the old content or the new, also after SIGKILL or a power loss: temporary file in
 * the same folder, fsync, rename, fsync of the folder.
 */
export async function writeAtomically(file: string, bytes: Uint8Array, options: AtomicWrite): Promise<void> {
  await putInPlace(file, bytes, options, flush);
  await syncFolder(path.dirname(file));
}

/**
 * As `writeAtomically`, for what somebody would write once more after a power loss: it may leave a part of the file, or
 * none, until `syncFile`.
 */
export async function writeVisibly(file: string, bytes: Uint8Array, options: AtomicWrite): Promise<void> {
  await putInPlace(file, bytes, options, async () => undefined);
}

/** A file that is there is on disk, and so is its name, when it returns. Both are opened before. */
export async function syncFile(file: string): Promise<void> {
  const content = async (): Promise<void> => {
    // Windows flushes only what may be written to.
    const descriptor = openSync(file, process.platform === 'win32' ? 'r+' : 'r');
    try {
      await flush(descriptor);
    } finally {
      closeSync(descriptor);
    }
  };
  await Promise.all([content(), syncFolder(path.dirname(file))]);
}

async function putInPlace(
  file: string,
  bytes: Uint8Array,
  { mode, owner, beforeRename, draft: given }: AtomicWrite,
  flushed: (descriptor: number) => Promise<void>,
): Promise<void> {
  const draft = given ?? path.join(path.dirname(file), await draftName());
  const descriptor = openSync(draft, 'wx', mode);
  try {
    try {
      writeWhole(descriptor, bytes, 0);
      // Before the mode: giving a file away takes bits from it, too.
      if (owner !== undefined) fchownSync(descriptor, owner.uid, owner.gid ?? fstatSync(descriptor).gid);
      // The umask takes bits away from `open`; `mode` is what was asked for.
      if (process.platform !== 'win32') fchmodSync(descriptor, mode);
      await flushed(descriptor);
    } finally {
      closeSync(descriptor);
    }
    await beforeRename?.();
    await replace(draft, file);
  } catch (error) {
    try {
      unlinkSync(draft);
    } catch {
      // What went wrong before is what counts; the next one who works here removes it.
    }
    throw error;
  }
}

const DRAFT = /(?:^|\.)idac-(\d+-[0-9a-f]{8}-[0-9a-f]{12})-[0-9a-f]{16}(?:\.|$)/;

/** A name that says which process writes it, so that a later one can tell whether it was left behind. */
export async function draftName(prefix = '', suffix = '.tmp'): Promise<string> {
  const { mark } = await ownProcess();
  return `${prefix}.idac-${mark}-${randomBytes(8).toString('hex')}${suffix}`;
}

export function isDraft(name: string): boolean {
  return DRAFT.test(name);
}

/** Removes temporary files of processes that were killed while they wrote into `folder`. */
export async function removeAbandonedDrafts(folder: string): Promise<void> {
  for (const name of ifThere(() => readdirSync(folder)) ?? []) {
    const holder = parseMark(DRAFT.exec(name)?.[1] ?? '');
    if (holder !== undefined && !(await mayRun(holder))) ifThere(() => unlinkSync(path.join(folder, name)));
  }
}

/** Makes a folder and its parents, durably; those that are made get `mode`. */
export async function makeFolder(folder: string, mode: number): Promise<void> {
  if (existsSync(folder)) return;
  const first = mkdirSync(folder, { recursive: true, mode });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) {
    if (process.platform !== 'win32') chmodSync(made, mode);
    await syncFolder(path.dirname(made));
  }
}

/** A rename or a new file is on disk only when its folder is. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    await flush(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** On Windows a virus scanner or an editor may have the file open for a moment. */
async function replace(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const busy = ['EPERM', 'EACCES', 'EBUSY'].includes(errno(error) ?? '');
      if (process.platform !== 'win32' || !busy || attempt === 10) throw error;
      await sleep(attempt * 20);
    }
  }
}
