import { isBelow } from '../../core/text/relativePath.ts';
import type { Git } from '../../platform/git/git.ts';
import { type Scanned, type ScanOptions, scanTree } from './scanTree.ts';
import { standingIn } from './standingIn.ts';
import type { Skipped } from './walkTree.ts';

/** What was recorded is checked as a record, and holds public data alone. */
const RECORDS = '.identity/records';

export interface ScannedProject extends Scanned {
  /** Whether all that stands at this path of the project was looked at, also where nothing stands any more. */
  wasLookedAt(file: string): boolean;
}

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
): Promise<ScannedProject> {
  const isWanted = (file: string): boolean =>
    starts.length === 0 || starts.some((start) => isBelow(file, start));
  const known = (await git?.files(signal)) ?? [];
  // Another repository that ignores the whole folder has nothing to say of it.
  if (known.length === 0) {
    const scanned = await scanTree(root, starts.length === 0 ? [''] : starts, options, signal);
    return { ...scanned, wasLookedAt: isWanted };
  }
  const standing = standingIn(root);
  const files = new Set<string>();
  const skipped: Skipped[] = [];
  for (const file of known) {
    if (isBelow(file, RECORDS) || !isWanted(file)) continue;
    const state = standing(file);
    if (state.is === 'folder') skipped.push({ path: file, why: 'it is a repository of its own' });
    else if (state.is === 'barred') skipped.push({ path: file, why: state.why });
    else if (state.is !== 'gone') files.add(file);
  }
  const scanned = await scanTree(root, [...files], options, signal);
  return {
    ...scanned,
    skipped: [...skipped, ...scanned.skipped],
    wasLookedAt: (file) => files.has(file) || (isWanted(file) && standingIn(root)(file).is === 'gone'),
  };
}
