import type { Finding } from '../../core/finding.ts';
import { rule as secretInManifest } from '../../core/rules/manifest/secret-in-manifest.ts';
import type { NotSecrets } from '../../core/secrets/notSecrets/notSecretsFile.ts';
import { ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY } from '../../core/secrets/privateKeyRules.ts';
import { rangesOverlap } from '../../core/text/lineIndex.ts';
import type { Project } from '../api.ts';
import type { WeakKeyOptions } from '../weakKeys/tools.ts';
import { withoutPublished } from '../weakKeys/withoutPublished.ts';
import { judgedBy, notSecretsOf } from './notSecretsOf.ts';
import { withSameValues } from './sameValues.ts';
import type { ScanProgress } from './scanTree.ts';
import type { Skipped } from './walkTree.ts';

/** What the files of a project have in them besides what its manifests declare. */
export interface CheckedFiles {
  readonly findings: readonly Finding[];
  readonly looked: {
    readonly files: number;
    readonly bytes: number;
    readonly skipped: readonly Skipped[];
    /** Judged to be no secret. */
    readonly setAside: number;
  };
}

const NO_JUDGEMENTS: NotSecrets = { salt: '', entries: [], findings: [] };

/** `declared`: what was found in manifests. A secret that a rule on manifests tells of is told once. */
export async function checkFiles(
  project: Project,
  starts: readonly string[],
  now: Date,
  declared: readonly Finding[],
  { told, signal, ...list }: WeakKeyOptions & { readonly told: ScanProgress; readonly signal: AbortSignal },
): Promise<CheckedFiles> {
  const { root } = project;
  const scanned = await project.scan(starts, told, signal);
  const judgements = notSecretsOf(root) ?? NO_JUDGEMENTS;
  // What git ignores was not looked at: a judgement on it may hold.
  const lookedAt = judgements.entries.map((entry) => entry.path).filter(scanned.wasLookedAt);
  const judged = await judgedBy(judgements, scanned, { root, starts: lookedAt }, root, now);
  const weak = await project.weakKeys(scanned.keys, list, signal);
  const same = await withSameValues(judged.findings, scanned.octetsOf, signal);
  const found = await project.withHolders(
    withoutPublished(same, weak.published),
    { keys: scanned.keys, scanned: root, onDisk: true },
    signal,
  );
  const known = declared.filter(({ rule }) => rule === secretInManifest.meta.id);
  const isTold = ({ file, range }: Finding): boolean =>
    known.some((each) => each.file === file && rangesOverlap(each.range, range));
  const { files, bytes, skipped } = scanned;
  return {
    findings: [
      ...found.filter((each) => !isTold(each) && !isInPlace(each)),
      ...weak.findings,
      ...judged.about,
    ],
    looked: { files, bytes, skipped, setAside: judged.aside.length },
  };
}

/** A private key where its identity delivers it: a scan notes it, and there is nothing to check. */
function isInPlace({ rule, severity }: Finding): boolean {
  return severity === 'info' && (rule === PRIVATE_KEY.id || rule === ENCRYPTED_PRIVATE_KEY.id);
}
