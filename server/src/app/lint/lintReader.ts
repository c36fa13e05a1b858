import type { Finding } from '../../core/finding.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import type { IdentityRecord } from '../../core/lifecycle/record.ts';
import type { RecordLint } from './recordLint.ts';

/** What lint says of certificates that were issued and are in use. */
export interface LintReader {
  read(given: LintedRecords, signal: AbortSignal): Promise<readonly Finding[]>;
}

export interface LintedRecords {
  readonly index: ProjectIndex;
  readonly records: ReadonlyMap<string, IdentityRecord>;
  readonly now: Date;
}

/** The rules are loaded once a certificate is recorded; each certificate is judged once. */
export function openLintReader(): LintReader {
  let opened: Promise<RecordLint> | undefined;
  return {
    async read(given, signal) {
      const isRecorded = given.index.certificates().some(({ key }) => given.records.has(key));
      if (!isRecorded) return [];
      opened ??= import('./recordLint.ts').then(({ openRecordLint }) => openRecordLint());
      return (await opened).read(given, signal);
    },
  };
}
