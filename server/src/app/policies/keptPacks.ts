/**
 * Packs of repositories, fetched because somebody asked for it and kept in the user's state folder. What is kept is only read
 * from then on: nothing is fetched because a folder is opened.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { formatReference, type GitReference } from '../../core/policy/packReference.ts';
import { PackError } from './packError.ts';
import type { PackText } from './packTexts.ts';

const FOLDER = 'policy-packs';
/** What of it was fetched. */
export const LIST = 'fetched.json';

export interface Fetched {
  readonly reference: string;
  /** SHA-256 by name. */
  readonly files: Readonly<Record<string, string>>;
}

export function keptFolder(stateHome: string, reference: GitReference): string {
  const id = createHash('sha256').update(formatReference(reference)).digest('hex').slice(0, 40);
  return path.join(stateHome, FOLDER, id);
}

/** What was fetched, as it was fetched. */
export function keptTexts(folder: string, reference: string): readonly PackText[] {
  const list = fetchedIn(folder);
  if (list?.reference !== reference)
    throw new PackError(
      `${reference} was not fetched yet, and nothing is fetched unasked`,
      `run: idac policy fetch '${reference}'`,
    );
  return Object.entries(list.files).map(([name, sha256]) => {
    const text = readKept(path.join(folder, name));
    if (text === undefined || digest(text) !== sha256)
      throw new PackError(
        `what was kept of ${reference} was changed since it was fetched`,
        `fetch it again: idac policy fetch '${reference}'`,
      );
    return { name, text };
  });
}

function fetchedIn(folder: string): Fetched | undefined {
  const text = readKept(path.join(folder, LIST));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Fetched;
  } catch {
    return undefined;
  }
}

function readKept(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
