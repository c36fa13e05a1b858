import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { BackendError } from '../../backends/errors.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import type { AppendLog } from '../../platform/disk/appendLog.ts';
import { openAppendLog } from '../../platform/disk/appendLog.ts';
import { unlessMissing } from '../../platform/disk/errno.ts';
import type { JournalEntry, JournalView } from './journal.ts';
import { readJournal } from './journal.ts';

/** How long the journals of ended actions are kept. */
const KEEP_MS = 90 * 86_400_000;

const ENDING = '.jsonl';

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

/** The journals of one project's actions, in the user's state. */
export interface Journals {
  logOf(planId: string): AppendLog<JournalEntry>;
  /** One that cannot be read hides no other. */
  read(): Promise<JournalsNow>;
  forgetOld(views: readonly JournalView[], now: Date): Promise<void>;
}

export function openJournals(folder: string): Journals {
  const fileOf = (planId: string) => path.join(folder, `${planId}${ENDING}`);
  const logOf = (planId: string) => openAppendLog<JournalEntry>(fileOf(planId));
  return {
    logOf,
    async read() {
      const views: JournalView[] = [];
      const unreadable: UnreadableJournal[] = [];
      const names = ((await unlessMissing(readdir(folder))) ?? []).sort();
      for (const name of names) {
        if (!name.endsWith(ENDING)) continue;
        const log = logOf(name.slice(0, -ENDING.length));
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
    },
    async forgetOld(views, now) {
      const limit = now.getTime() - KEEP_MS;
      for (const { action, endedAt } of views)
        if (endedAt !== null && Date.parse(endedAt) < limit)
          await rm(fileOf(action.plan.id), { force: true });
    },
  };
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
