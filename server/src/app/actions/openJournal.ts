import type { AppendLog } from '../../platform/disk/appendLog.ts';
import type { JournalEntry, JournalView } from './journal.ts';
import { readJournal } from './journal.ts';

/** One action's journal, open for writing. */
export interface OpenJournal {
  view(): JournalView;
  /** This entry, and all that were noted before, are on disk (one fsync) when it returns. */
  add(entry: JournalEntry): Promise<void>;
  /**
   * Goes to disk with the next `add`, or when the journal is closed. Only for what a run that does not find it does again
   * without harm: it must come to the same end.
   */
  note(entry: JournalEntry): void;
  /** What was noted goes to disk first. */
  close(): Promise<void>;
}

/** Undefined when the process died before the plan was written: nothing was done then. */
export async function openJournal(log: AppendLog<JournalEntry>): Promise<OpenJournal | undefined> {
  return journalOver(log, [...(await log.entries())]);
}

/** The plan is there when it returns, and on disk with the first entry that is added: nothing is done before that. */
export async function beginJournal(
  log: AppendLog<JournalEntry>,
  first: Extract<JournalEntry, { t: 'planned' }>,
): Promise<OpenJournal> {
  await log.begin(first);
  const journal = journalOver(log, [first]);
  if (journal === undefined) throw new Error('a journal that begins with its plan can be read');
  return journal;
}

function journalOver(log: AppendLog<JournalEntry>, entries: JournalEntry[]): OpenJournal | undefined {
  let view = readJournal(entries);
  if (view === undefined) return undefined;
  let noted: JournalEntry[] = [];
  const take = (entry: JournalEntry): void => {
    entries.push(entry);
    view = readJournal(entries);
  };
  const write = async (more: readonly JournalEntry[]): Promise<void> => {
    const before = noted;
    const lines = [...before, ...more];
    noted = [];
    try {
      if (lines.length > 0) await log.append(...lines);
    } catch (error) {
      noted = [...before, ...noted];
      throw error;
    }
  };
  return {
    view: () => view as JournalView,
    async add(entry) {
      await write([entry]);
      take(entry);
    },
    note(entry) {
      noted.push(entry);
      take(entry);
    },
    async close() {
      try {
        await write([]);
      } finally {
        await log.close();
      }
    },
  };
}
