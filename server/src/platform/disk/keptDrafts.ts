import { linkSync, unlinkSync, writeFileSync } from 'node:fs';
import { errno, ifThere } from './errno.ts';

/** Finished lock files that wait to be linked, by the lock and what is done under it. */
const kept = new Map<string, string>();

export interface NewDraft {
  readonly file: string;
  readonly text: string;
}

/**
 * Takes the lock `file` by a link of a draft that this process made for it before, or makes now. Making a file and removing
 * it again is most of what a lock costs that is taken for each event. What is linked is never written to again.
 */
export function linkKept(
  file: string,
  what: string,
  newDraft: () => NewDraft,
): { readonly taken: boolean; readonly isFirst: boolean } {
  const key = `${file}\0${what}`;
  const before = kept.get(key);
  if (before !== undefined) {
    try {
      linkSync(before, file);
      return { taken: true, isFirst: false };
    } catch (error) {
      if (errno(error) === 'EEXIST') return { taken: false, isFirst: false };
      // Somebody emptied the folder meanwhile.
      if (errno(error) !== 'ENOENT') throw error;
    }
  }
  const made = newDraft();
  writeFileSync(made.file, made.text, { flag: 'wx', mode: 0o600 });
  if (kept.size === 0) process.once('exit', removeAll);
  kept.set(key, made.file);
  try {
    linkSync(made.file, file);
    return { taken: true, isFirst: true };
  } catch (error) {
    if (errno(error) === 'EEXIST') return { taken: false, isFirst: true };
    throw error;
  }
}

function removeAll(): void {
  for (const draft of kept.values()) {
    try {
      ifThere(() => unlinkSync(draft));
    } catch {
      // The next process that keeps one here removes it.
    }
  }
}
