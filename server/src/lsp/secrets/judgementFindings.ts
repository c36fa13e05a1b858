/** What is wrong with the entries of `.identity/not-secrets.yaml`, on that file: those that do not count, are over, or whose value is gone. */
import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { Scanned } from '../../app/scan/scanTree.ts';
import type { Finding } from '../../core/finding.ts';
import { NOT_SECRETS_FILE } from '../../core/secrets/notSecrets/fileName.ts';
import type { OpenedProject } from '../projects.ts';
import type { Session } from '../session.ts';

interface Looked {
  readonly question: string;
  readonly stop: AbortController;
  readonly scanned: Promise<Scanned>;
}

/** The files that entries name are looked at when those, or anything on disk, may be others. */
const looked = new WeakMap<OpenedProject, Looked>();

export async function judgementFindings(
  session: Session,
  opened: OpenedProject,
  file: string,
): Promise<readonly Finding[]> {
  if (file !== NOT_SECRETS_FILE) return [];
  const text = session.texts.text(opened.uriOf(file));
  if (text === undefined) return [];
  const { readNotSecrets } = await import('../../core/secrets/notSecrets/notSecretsFile.ts');
  const { judgedBy } = await import('../../app/scan/notSecretsOf.ts');
  const { root } = opened;
  const notSecrets = readNotSecrets(text);
  const paths = [...new Set(notSecrets.entries.map((entry) => entry.path))].sort();
  const scanned = await scanOf(session, opened, paths);
  return (await judgedBy(notSecrets, scanned, { root, starts: paths }, root, session.now())).about;
}

async function scanOf({ texts }: Session, opened: OpenedProject, paths: readonly string[]): Promise<Scanned> {
  const question = JSON.stringify([texts.facts(), paths]);
  const before = looked.get(opened);
  if (before?.question === question) return before.scanned;
  const { scanTree } = await import('../../app/scan/scanTree.ts');
  const { root } = opened;
  // Of a file that is not there nothing can be found; a folder, as while a path is typed, is no place of a value.
  const there = paths.filter((each) => lstatSync(path.join(root, each), { throwIfNoEntry: false })?.isFile());
  before?.stop.abort();
  const stop = new AbortController();
  const scanned = scanTree(root, there, { told: () => undefined }, stop.signal);
  looked.set(opened, { question, stop, scanned });
  return scanned;
}
