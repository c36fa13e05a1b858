import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '../../core/finding.ts';
import { LONGEST_NOT_SECRETS, NOT_SECRETS_FILE } from '../../core/secrets/notSecrets/fileName.ts';
import { writeAtomically } from '../../platform/disk/atomicFile.ts';
import { readOwnText } from '../../platform/disk/ownText.ts';
import { UsageError } from '../failure.ts';
import { withJudgement } from './notSecretsOf.ts';
import { scanTree } from './scanTree.ts';

export interface Acceptance {
  /** Of the project; `path` is relative to it. */
  readonly project: string;
  readonly path: string;
  /** First line of the file is 0. */
  readonly line: number;
  /** Undefined: whatever was found there. */
  readonly rule: string | undefined;
  readonly reason: string;
  /** `2030-01-31`. */
  readonly until: string;
}

/** Writes that what a scan finds on this line is no secret. What was found there; empty: nothing, and nothing is written. */
export async function acceptSecrets(
  { project, path: file, line, rule, reason, until }: Acceptance,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const scanned = await scanTree(project, [file], { told: () => undefined }, signal);
  const accepted = scanned.findings.filter(
    ({ finding: { rule: id, range } }) =>
      range.start.line <= line && line <= range.end.line && (rule === undefined || id === rule),
  );
  const before = readOwnText(project, NOT_SECRETS_FILE, LONGEST_NOT_SECRETS);
  if (before.kind === 'refused') throw unreadable(NOT_SECRETS_FILE);
  let text = before.kind === 'text' ? before.text : undefined;
  for (const each of accepted) {
    const value = await scanned.octetsOf(each);
    const next = value && withJudgement(text, value, { rule: each.finding.rule, path: file, reason, until });
    if (next === undefined) throw unreadable(value === undefined ? file : NOT_SECRETS_FILE);
    text = next;
  }
  if (accepted.length > 0 && text !== undefined) {
    const target = path.join(project, NOT_SECRETS_FILE);
    await mkdir(path.dirname(target), { recursive: true });
    await writeAtomically(target, Buffer.from(text), { mode: 0o644 });
  }
  return accepted.map(({ finding }) => finding);
}

function unreadable(file: string): UsageError {
  return new UsageError(
    `${file} cannot be read`,
    'Nothing was written. `idac scan` says what is wrong with it.',
  );
}
