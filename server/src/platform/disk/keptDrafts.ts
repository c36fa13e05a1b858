import { linkSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errno, ifThere } from './errno.ts';

/**
 * Finished lock files that wait to be linked, by their folder and what is done under them. One holds one lock at a time,
 * for to be linked changes the time of its state, which tells since when that lock is held.
 */
const waiting = new Map<string, string[]>();
const all = new Set<string>();

export interface NewDraft {
  readonly file: string;
  readonly text: string;
}

export interface KeptLink {
  /** Once the lock is gone: the draft may hold another one. */
  readonly release: () => void;
  /** The first of its folder and kind in this process. */
  readonly isFirst: boolean;
}

/**
 * Takes the lock `file` by a link of a draft that this process made in its folder before, or makes now; undefined where
 * somebody holds it. Making a file and removing it again is most of what a lock costs that is taken for each event, and
 * of an action's own. What is linked is never written to again.
 */
export function linkKept(file: string, what: string, newDraft: () => NewDraft): KeptLink | undefined {
  const key = `${path.dirname(file)}\0${what}`;
  const before = waiting.get(key);
  const drafts = before ?? [];
  for (let draft = drafts.pop(); draft !== undefined; draft = drafts.pop()) {
    const outcome = link(draft, file);
    if (outcome === 'linked') return { release: releaseOf(drafts, draft), isFirst: false };
    if (outcome === 'held') {
      drafts.push(draft);
      return undefined;
    }
    // Somebody emptied the folder meanwhile.
    all.delete(draft);
  }
  const made = newDraft();
  writeFileSync(made.file, made.text, { flag: 'wx', mode: 0o600 });
  if (all.size === 0) process.once('exit', removeAll);
  all.add(made.file);
  waiting.set(key, drafts);
  if (link(made.file, file) === 'linked')
    return { release: releaseOf(drafts, made.file), isFirst: before === undefined };
  drafts.push(made.file);
  return undefined;
}

function releaseOf(drafts: string[], draft: string): () => void {
  return () => void drafts.push(draft);
}

function link(draft: string, file: string): 'linked' | 'held' | 'gone' {
  try {
    linkSync(draft, file);
    return 'linked';
  } catch (error) {
    if (errno(error) === 'EEXIST') return 'held';
    if (errno(error) === 'ENOENT') return 'gone';
    throw error;
  }
}

function removeAll(): void {
  for (const draft of all) {
    try {
      ifThere(() => unlinkSync(draft));
    } catch {
      // The next process that keeps one here removes it.
    }
  }
}
