/**
 * What earlier scans found, so that no content is looked at twice: for each that did not change its size, and what was found in it,
 * which holds no part of a secret. A file of the user's state folder for each root; one that is damaged, or was written by a
 * scanner that looks otherwise, counts as none.
 */
import { createHash, hash } from 'node:crypto';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { KeyPack } from '../../core/keys/keyPack.ts';
import { SCANNER_IDENTITY } from '../../core/secrets/generated/scannerIdentity.ts';
import { openStateFolder } from '../../platform/disk/stateFolder.ts';
import { userStateFolder } from '../../platform/disk/userState.ts';
import type { Blob } from '../../platform/git/history.ts';
import type { ScannedContent } from './openScanner.ts';
import type { FileState } from './treeReader.ts';

export interface KnownContent {
  /** In octets. */
  readonly bytes: number;
  readonly content: ScannedContent;
}

export interface KnownContents {
  readonly isEmpty: boolean;
  get(key: string): KnownContent | undefined;
  add(key: string, known: KnownContent): void;
  /** `isWhole`: what was not asked for is not there any more. */
  save(isWhole: boolean): Promise<void>;
}

const FOLDER = 'scans';
const HEAD = `idac scan 2 ${SCANNER_IDENTITY} node ${process.version}`;
/** Of this many octets the file is at most; what does not fit in is looked at again. */
const LARGEST = 64 * 1024 * 1024;
/** More than this was found in no content that is worth it. */
const LARGEST_ENTRY = 256 * 1024;
/** Files of roots that nobody scanned for so long are removed, and the oldest of all that are more than so much. */
const OLDEST_MS = 90 * 24 * 60 * 60 * 1000;
const LARGEST_FOLDER = 512 * 1024 * 1024;
const NOTHING: ScannedContent = { findings: [], keys: [], skipped: [] };

export function knownFile(file: string, { dev, ino, size, mtimeMs, ctimeMs }: FileState): string {
  return keyOf(['file', dev, ino, size, mtimeMs, ctimeMs, file]);
}

/** By its path, too: what a file is called counts. */
export function knownBlob({ id, path: file }: Blob): string {
  return keyOf(['blob', id, file]);
}

function keyOf(parts: readonly (string | number)[]): string {
  return hash('sha256', parts.join('\0'), 'base64url');
}

export interface Remembered {
  /** The files below the root, or the history that it is part of. */
  readonly kind: 'files' | 'history';
  readonly root: string;
  /** All of that is looked at: what is met no more is forgotten. */
  readonly isWhole: boolean;
  readonly stateHome?: string;
}

/** What was looked at before somebody stopped it counts, too; where nothing can be kept the next scan looks again. */
export async function remembering<Result>(
  { kind, root, isWhole, stateHome }: Remembered,
  scan: (known: KnownContents) => Promise<Result>,
): Promise<Result> {
  const known = await openKnownContents(kind, root, stateHome);
  let isDone = false;
  try {
    const result = await scan(known);
    isDone = true;
    return result;
  } finally {
    await known.save(isWhole && isDone).catch(() => undefined);
  }
}

async function openKnownContents(
  kind: Remembered['kind'],
  root: string,
  stateHome = userStateFolder(process.env, process.platform),
): Promise<KnownContents> {
  const folder = path.join(stateHome, FOLDER);
  const state = openStateFolder(folder);
  const digest = createHash('sha256')
    .update(`${kind}\0${await realpath(root)}`)
    .digest('hex');
  const name = `${digest.slice(0, 32)}.${kind}`;
  const earlier = entriesOf(await state.read(name).catch(() => undefined));
  const current = new Map<string, string>();
  let size = 0;
  const keep = (key: string, text: string): void => {
    size += lengthOf(key, text);
    current.set(key, text);
  };
  return {
    isEmpty: earlier.size === 0,
    get(key) {
      const text = earlier.get(key);
      if (text === undefined) return undefined;
      keep(key, text);
      return knownOf(text);
    },
    add(key, { bytes, content }) {
      if (size > LARGEST) return;
      const isClean = content.findings.length + content.keys.length + content.skipped.length === 0;
      const octets = content.keys.reduce((sum, pack) => sum + pack.octets.length, 0);
      if (octets > LARGEST_ENTRY) return;
      const text = isClean ? String(bytes) : `${bytes} ${JSON.stringify(storable(content))}`;
      if (text.length <= LARGEST_ENTRY) keep(key, text);
    },
    async save(isWhole) {
      const isSame = current.size === earlier.size && [...current.keys()].every((key) => earlier.has(key));
      if (current.size === 0) return;
      if (isSame) return used(path.join(folder, name));
      const lines = linesOf(isWhole ? [current] : [current, earlier]);
      await state.write(name, Buffer.from(lines));
      await prune(folder, name, state.remove);
    },
  };
}

/** Its time says when it was used last. */
function used(file: string): void {
  const now = new Date();
  utimesSync(file, now, now);
}

/** Of its line, with a space and the line's end. */
function lengthOf(key: string, text: string): number {
  return key.length + text.length + 2;
}

function linesOf(maps: readonly ReadonlyMap<string, string>[]): string {
  const lines = [HEAD];
  const written = new Set<string>();
  let length = HEAD.length;
  for (const map of maps) {
    for (const [key, text] of map) {
      length += lengthOf(key, text);
      if (length > LARGEST) break;
      if (written.has(key)) continue;
      written.add(key);
      lines.push(`${key} ${text}`);
    }
  }
  const body = `${lines.join('\n')}\n`;
  return `${body}${hash('sha256', body, 'base64url')}\n`;
}

/** None where one octet of the file is not as it was written. */
function entriesOf(bytes: Uint8Array | undefined): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  if (bytes === undefined || bytes.length > 2 * LARGEST) return entries;
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  const [check, end] = lines.splice(-2);
  if (lines[0] !== HEAD || end !== '' || check !== hash('sha256', `${lines.join('\n')}\n`, 'base64url'))
    return entries;
  for (const line of lines.slice(1)) {
    const space = line.indexOf(' ');
    entries.set(line.slice(0, space), line.slice(space + 1));
  }
  return entries;
}

function knownOf(text: string): KnownContent {
  const space = text.indexOf(' ');
  if (space === -1) return { bytes: Number(text), content: NOTHING };
  const { keys, ...content } = JSON.parse(text.slice(space + 1)) as Storable;
  return { bytes: Number(text.slice(0, space)), content: { ...content, keys: keys.map(packOf) } };
}

/** Octets in base64. */
interface StorablePack extends Omit<KeyPack, 'numbers' | 'octets'> {
  readonly numbers: string;
  readonly octets: string;
}

interface Storable extends Omit<ScannedContent, 'keys'> {
  readonly keys: readonly StorablePack[];
}

function storable({ findings, keys, skipped }: ScannedContent): Storable {
  return { findings, skipped, keys: keys.map(storablePack) };
}

function storablePack({ numbers, octets, ...pack }: KeyPack): StorablePack {
  const { buffer, byteOffset, byteLength } = numbers;
  return {
    ...pack,
    numbers: Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
    octets: Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('base64'),
  };
}

function packOf({ numbers, octets, ...pack }: StorablePack): KeyPack {
  return {
    ...pack,
    numbers: new Uint32Array(new Uint8Array(Buffer.from(numbers, 'base64')).buffer),
    octets: new Uint8Array(Buffer.from(octets, 'base64')),
  };
}

async function prune(folder: string, kept: string, remove: (name: string) => Promise<void>): Promise<void> {
  const files = readdirSync(folder)
    .filter((name) => name !== kept && /^[0-9a-f]{32}\.(?:files|history)$/.test(name))
    .map((name) => ({ name, ...statSync(path.join(folder, name)) }))
    .sort((a, b) => b.mtimeMs - a.mtimeMs);
  let size = 0;
  for (const each of files) {
    size += each.size;
    if (size > LARGEST_FOLDER || each.mtimeMs < Date.now() - OLDEST_MS) await remove(each.name);
  }
}
