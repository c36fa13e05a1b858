/** The texts of a pack that lies on this disk as files. Bounded, and no link is followed out of it. */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { errno } from '../../platform/disk/errno.ts';
import { PackError } from './packError.ts';

export interface PackText {
  /** In the pack, with forward slashes. */
  readonly name: string;
  readonly text: string;
}

/** More than a pack of policies is ever made of. */
export const MOST_PACK_FILES = 500;
export const MOST_PACK_BYTES = 8 * 1024 * 1024;

const POLICY_FILE = /\.(?:ya?ml|json)$/i;
/** What npm and people keep beside. */
const NOT_READ =
  /(?:^|\/)(?:node_modules|\.[^/]*|package(?:-lock)?\.json|tsconfig\.json|.*\.policy-test\.ya?ml)(?:\/|$)/;

/** Whether a file of this name may hold policies. */
export function mayHoldPolicies(name: string): boolean {
  return POLICY_FILE.test(name) && !NOT_READ.test(name);
}

/** Of a file, or of all that a folder holds. `place` is absolute. */
export function packTexts(place: string, shown: string): readonly PackText[] {
  try {
    if (!statSync(place).isDirectory()) return [{ name: '', text: textOf(place, shown) }];
    const names = filesIn(place, shown);
    let left = MOST_PACK_BYTES;
    return names.map((name) => {
      const text = textOf(path.join(place, name), shown);
      left -= text.length;
      if (left < 0) throw tooMuch(shown);
      return { name, text };
    });
  } catch (error) {
    if (error instanceof PackError) throw error;
    throw new PackError(
      errno(error) === 'ENOENT'
        ? `there are no policies at ${shown}: no such file or folder`
        : `the policies at ${shown} cannot be read (${errno(error) ?? 'unknown'})`,
      'correct the path, or take it away where it is named',
    );
  }
}

function textOf(file: string, shown: string): string {
  const status = statSync(file);
  if (!status.isFile()) throw new PackError(`${shown} is no regular file`, 'name a file or a folder');
  if (status.size > MOST_PACK_BYTES) throw tooMuch(shown);
  return readFileSync(file, 'utf8');
}

function filesIn(folder: string, shown: string): readonly string[] {
  const found: string[] = [];
  const visit = (below: string): void => {
    const entries: Dirent[] = readdirSync(path.join(folder, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && mayHoldPolicies(`${name}/x.yaml`)) visit(name);
      else if (entry.isFile() && mayHoldPolicies(name)) found.push(name);
      if (found.length > MOST_PACK_FILES) throw tooMuch(shown);
    }
  };
  visit('');
  return found;
}

export function tooMuch(shown: string): PackError {
  return new PackError(
    `${shown} holds more than ${MOST_PACK_FILES} files or ${MOST_PACK_BYTES / 1024 / 1024} MiB`,
    'name the folder that holds the policies alone',
  );
}
