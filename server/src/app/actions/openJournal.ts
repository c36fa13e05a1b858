import type { AppendLog } from '../../platform/disk/appendLog.ts';
import type { JournalEntry, JournalView } from './journal.ts';
import { readJournal } from './journal.ts';

/** One action's journal, open for writing. Every entry is on disk before `add` returns. */
export interface OpenJournal {
  view(): JournalView;
  add(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

/** Undefined when the process died before the plan was written: nothing was done then. */
export async function openJournal(log: AppendLog<JournalEntry>): Promise<OpenJournal | undefined> {
  return journalOver(log, [...(await log.entries())]);
}

export async function beginJournal(
  log: AppendLog<JournalEntry>,
  first: Extract<JournalEntry, { t: 'planned' }>,
): Promise<OpenJournal> {
  await log.append(first);
  const journal = journalOver(log, [first]);
  if (journal === undefined) throw new Error('a journal that begins with its plan can be read');
  return journal;
}

function journalOver(log: AppendLog<JournalEntry>, entries: JournalEntry[]): OpenJournal | undefined {
  let view = readJournal(entries);
  if (view === undefined) return undefined;
  return {
    view: () => view as JournalView,
    async add(entry) {
      await log.append(entry);
      entries.push(entry);
      view = readJournal(entries);
    },
    close: () => log.close(),
  };
}
