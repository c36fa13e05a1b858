import { lstatSync } from 'node:fs';
import path from 'node:path';
import { isBelow } from '../../core/text/relativePath.ts';
import type { Git } from '../../platform/git/git.ts';
import { type Scanned, type ScanOptions, scanTree } from './scanTree.ts';
import type { Skipped } from './walkTree.ts';

/** What was recorded is checked as a record, and holds public data alone. */
const RECORDS = '.identity/records';

/**
 * The files of a project that git would share: tracked, or neither tracked nor ignored. Without git all of them. `starts`: files
 * and folders of the project; none: all of it.
 */
export async function scanProject(
  root: string,
  starts: readonly string[],
  git: Pick<Git, 'files'> | undefined,
  options: ScanOptions,
  signal: AbortSignal,
): Promise<Scanned> {
  const known = (await git?.files(signal)) ?? [];
  // Another repository that ignores the whole folder has nothing to say of it.
  if (known.length === 0) return scanTree(root, starts.length === 0 ? [''] : starts, options, signal);
  const files: string[] = [];
  const skipped: Skipped[] = [];
  for (const file of known) {
    if (isBelow(file, RECORDS) || (starts.length > 0 && !starts.some((start) => isBelow(file, start))))
      continue;
    const state = lstatSync(path.join(root, file), { throwIfNoEntry: false });
    if (state?.isDirectory()) skipped.push({ path: file, why: 'it is a repository of its own' });
    else if (state !== undefined) files.push(file);
  }
  const scanned = await scanTree(root, files, options, signal);
  return { ...scanned, skipped: [...skipped, ...scanned.skipped] };
}
