/** A block list in badkeys' format, as `badkeys --update-bl` leaves it in its cache folder. It is searched on disk. */
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { blockHash } from '../../core/keys/weak/blockHash.ts';
import { blocklisted, ENTRY_OCTETS, readListNames, searchBlockList } from '../../core/keys/weak/blockList.ts';
import type { KeyProblem } from '../../core/keys/weak/check.ts';
import type { KeyNumbers } from '../../core/keys/weak/keyNumbers.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { UsageError } from '../failure.ts';

export interface BlockList {
  find(key: KeyNumbers): KeyProblem | undefined;
  close(): void;
}

const LIST = 'blocklist.dat';
const NAMES = 'badkeysdata.json';
const LARGEST_NAMES = 1024 * 1024;

/** `given`: the folder with both files, or the list itself, whose lists then have numbers and no names. */
export function openBlockList(given: string): BlockList {
  const isFolder = attempt(given, () => statSync(given).isDirectory());
  const file = isFolder ? path.join(given, LIST) : given;
  const handle = attempt(file, () => openSync(file, 'r'));
  try {
    const { size } = fstatSync(handle);
    if (size === 0 || size % ENTRY_OCTETS !== 0)
      throw new UsageError(
        `${file} is no block list: its entries have ${ENTRY_OCTETS} octets, and it has ${size}`,
        'Give what badkeys --update-bl wrote, unpacked.',
      );
    const names = isFolder ? namesIn(path.join(given, NAMES)) : new Map<number, string>();
    const entry = new Uint8Array(ENTRY_OCTETS);
    const entryAt = (index: number): Uint8Array => {
      readSync(handle, entry, 0, ENTRY_OCTETS, index * ENTRY_OCTETS);
      return entry;
    };
    return {
      find(key) {
        const hash = blockHash(key, nodeHasher);
        const list = hash && searchBlockList(size / ENTRY_OCTETS, entryAt, hash);
        return list === undefined ? undefined : blocklisted(list, names);
      },
      close: () => closeSync(handle),
    };
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

function namesIn(file: string): ReadonlyMap<number, string> {
  const text = attempt(file, () => (statSync(file).size > LARGEST_NAMES ? '' : readFileSync(file, 'utf8')));
  const names = readListNames(text);
  if (names === undefined)
    throw new UsageError(
      `${file} does not describe a block list of format 0`,
      'Get it anew with badkeys --update-bl.',
    );
  return names;
}

function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `The block list ${file} cannot be read: ${why}`,
      `Give the folder with ${LIST} and ${NAMES}, as badkeys --update-bl writes it.`,
    );
  }
}
