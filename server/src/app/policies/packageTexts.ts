/** What is in a package as `npm pack` makes it: a gzipped tar (POSIX.1-2001, ustar), read for its texts alone. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { gunzip } from '../../platform/gunzip.ts';
import { PackError } from './packError.ts';
import { MOST_PACK_BYTES, MOST_PACK_FILES, mayHoldPolicies, type PackText, tooMuch } from './packTexts.ts';

export interface PackageContents {
  /** `name@version` by its package.json. */
  readonly label: string | undefined;
  readonly texts: readonly PackText[];
}

const BLOCK = 512;
const MOST_UNPACKED = 4 * MOST_PACK_BYTES;

export function readPackage(file: string, sha256: string): PackageContents {
  const bytes = bytesOf(file);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256)
    throw new PackError(
      `${file} is another package than the one that is named: its SHA-256 is ${actual}`,
      'have the change looked at by the owners of the policies, then name the new digest',
    );
  const unpacked = gunzip(bytes, MOST_UNPACKED);
  if (unpacked === 'more') throw tooMuch(file);
  if (unpacked === undefined)
    throw new PackError(`${file} is no package: it is not packed with gzip`, 'make it with npm pack');
  const files = filesOf(unpacked, file);
  return {
    label: labelOf(files.find(({ name }) => name === 'package.json')?.text),
    texts: files.filter(({ name }) => mayHoldPolicies(name)),
  };
}

function bytesOf(file: string): Buffer {
  try {
    if (statSync(file).size > MOST_PACK_BYTES) throw tooMuch(file);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof PackError) throw error;
    throw new PackError(`the package ${file} cannot be read`, 'correct the path');
  }
}

function filesOf(tar: Uint8Array, file: string): readonly PackText[] {
  const damaged = (): PackError => new PackError(`${file} is damaged`, 'make it again with npm pack');
  const decoder = new TextDecoder();
  const found: PackText[] = [];
  let entries = 0;
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    // Two blocks of zeros end it; whatever follows is filling.
    if (header[0] === 0) break;
    const field = (from: number, length: number): string =>
      decoder.decode(header.subarray(from, from + length)).replace(/\0.*$/s, '');
    const size = Number.parseInt(field(124, 12).trim() || '0', 8);
    const start = at + BLOCK;
    entries += 1;
    if (!Number.isInteger(size) || size < 0 || start + size > tar.length) throw damaged();
    if (entries > 8 * MOST_PACK_FILES) throw tooMuch(file);
    const type = field(156, 1);
    const prefix = field(257, 5) === 'ustar' ? field(345, 155) : '';
    const whole = prefix === '' ? field(0, 100) : `${prefix}/${field(0, 100)}`;
    // npm puts all under one folder, `package` by default.
    const name = whole.split('/').slice(1).join('/');
    if ((type === '0' || type === '') && (name === 'package.json' || mayHoldPolicies(name)))
      found.push({ name, text: decoder.decode(tar.subarray(start, start + size)) });
    if (found.length > MOST_PACK_FILES) throw tooMuch(file);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return found;
}

function labelOf(text: string | undefined): string | undefined {
  try {
    const { name, version } = JSON.parse(text ?? '') as Record<string, unknown>;
    return typeof name === 'string' && typeof version === 'string' ? `${name}@${version}` : undefined;
  } catch {
    return undefined;
  }
}
