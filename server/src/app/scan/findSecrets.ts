/** All secrets in a project's folder, or in its history, found by another thread as `idac scan` finds them: judged, and with whom their keys belong to. */
import type { Finding } from '../../core/finding.ts';
import type { Project } from '../api.ts';
import { judgedScan } from './notSecretsOf.ts';
import { withSameValues } from './sameValues.ts';
import { scanInBackground } from './scanInBackground.ts';
import type { Skipped } from './walkTree.ts';

export interface FoundSecret {
  readonly finding: Finding;
  /** That brought it, where the history was looked through. */
  readonly commit: string | null;
}

export interface FoundSecrets {
  /** What files of findings are relative to. */
  readonly root: string;
  readonly secrets: readonly FoundSecret[];
  readonly files: number;
  /** Null: the files themselves were looked at. */
  readonly commits: number | null;
  readonly skipped: readonly Skipped[];
  /** How many somebody judged to be none. */
  readonly aside: number;
}

/** The folder itself. */
const WHOLE = [''];

/** `told` hears now and then how many files or contents were looked at. */
export async function findSecrets(
  project: Project,
  where: 'folder' | 'history',
  now: Date,
  told: (done: number) => void,
  signal: AbortSignal,
): Promise<FoundSecrets> {
  const onDisk = where === 'folder';
  const scan = { kind: onDisk ? ('tree' as const) : ('history' as const), root: project.root, starts: WHOLE };
  const scanned = await scanInBackground(scan, told, signal);
  const { root, commits } = 'commits' in scanned ? scanned : { root: project.root, commits: null };
  const judged = await judgedScan(scanned, { root, starts: onDisk ? WHOLE : [] }, project.root, now);
  const from = { keys: scanned.keys, scanned: root, onDisk };
  const same = await withSameValues(judged.findings, scanned.octetsOf, signal);
  const findings = await project.withHolders(same, from, signal);
  const secrets = findings.map((finding, place) => ({
    finding,
    commit: judged.findings[place]?.commit ?? null,
  }));
  const about = judged.about.map((finding) => ({ finding, commit: null }));
  const { files, skipped } = scanned;
  return { root, secrets: [...secrets, ...about], files, commits, skipped, aside: judged.aside.length };
}
