import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BackendError } from '../../backends/errors.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import type { AppendLog } from '../../platform/disk/appendLog.ts';
import { openAppendLog } from '../../platform/disk/appendLog.ts';
import { ifThere, unlessMissing } from '../../platform/disk/errno.ts';
import type { JournalEntry, JournalView } from './journal.ts';
import { readJournal } from './journal.ts';

/** How long the journals of ended actions are kept. */
const KEEP_MS = 90 * 86_400_000;

const ENDING = '.jsonl';

/** While thousands are read: then others have their turn. */
const TURN_MILLISECONDS = 8;

/** A journal that cannot be read: damaged, or written by a newer version. */
export interface UnreadableJournal {
  readonly file: string;
  readonly what: string;
  readonly hint: string;
  /** Whose action it is, where that can still be told. */
  readonly identity: IdentityId | undefined;
}

export interface JournalsNow {
  readonly views: readonly JournalView[];
  readonly unreadable: readonly UnreadableJournal[];
}

/**
 * The journals of one project's actions, in the user's state. Those of ended actions lie in a folder of their own, so
 * that looking for what is unfinished takes no longer with every action.
 */
export interface Journals {
  logOf(planId: string): AppendLog<JournalEntry>;
  /** Of actions that have not ended, or whose process died before it could put them away. */
  read(isWanted?: (planId: string) => boolean): Promise<JournalsNow>;
  readEnded(): Promise<JournalsNow>;
  hasEnded(planId: string): Promise<boolean>;
  /** Puts away the journal of an action that has ended. */
  settle(planId: string): Promise<void>;
  forgetOld(now: Date): Promise<void>;
}

export function openJournals(folder: string): Journals {
  const endedFolder = path.join(folder, 'ended');
  const fileIn = (place: string, planId: string) => path.join(place, `${planId}${ENDING}`);
  return {
    logOf: (planId) => openAppendLog(fileIn(folder, planId)),
    read: (isWanted) => readIn(folder, isWanted),
    readEnded: () => readIn(endedFolder),
    hasEnded: async (planId) => (await unlessMissing(stat(fileIn(endedFolder, planId)))) !== undefined,
    async settle(planId) {
      if (!existsSync(endedFolder)) mkdirSync(endedFolder, { recursive: true, mode: 0o700 });
      ifThere(() => renameSync(fileIn(folder, planId), fileIn(endedFolder, planId)));
    },
    async forgetOld(now) {
      for (const name of (await unlessMissing(readdir(endedFolder))) ?? []) {
        const file = path.join(endedFolder, name);
        const state = await unlessMissing(stat(file));
        if (state !== undefined && state.mtimeMs < now.getTime() - KEEP_MS) await rm(file, { force: true });
      }
    },
  };
}

/** One that cannot be read hides no other. */
async function readIn(
  folder: string,
  isWanted: (planId: string) => boolean = () => true,
): Promise<JournalsNow> {
  const views: JournalView[] = [];
  const unreadable: UnreadableJournal[] = [];
  let turn = performance.now();
  for (const name of (ifThere(() => readdirSync(folder)) ?? []).sort()) {
    if (!name.endsWith(ENDING) || !isWanted(name.slice(0, -ENDING.length))) continue;
    if (performance.now() - turn > TURN_MILLISECONDS) {
      await setImmediate();
      turn = performance.now();
    }
    const log = openAppendLog<JournalEntry>(path.join(folder, name));
    try {
      const view = readJournal(await log.entries());
      if (view !== undefined) views.push(view);
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      const { what, hint } = error;
      unreadable.push({ file: log.file, what, hint, identity: await identityIn(log.file) });
    }
  }
  return { views, unreadable };
}

/** From the first line alone: the plan. */
async function identityIn(file: string): Promise<IdentityId | undefined> {
  const text = (await unlessMissing(readFile(file, 'utf8'))) ?? '';
  try {
    const first = JSON.parse(text.slice(0, text.indexOf('\n'))) as Partial<
      Extract<JournalEntry, { t: 'planned' }>
    >;
    return first.action?.plan?.identity;
  } catch {
    return undefined;
  }
}
