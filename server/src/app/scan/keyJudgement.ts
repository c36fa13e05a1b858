import type { Finding } from '../../core/finding.ts';
import type { KeyPack } from '../../core/keys/keyPack.ts';
import type { Clock } from '../../core/ports.ts';
import type { Git } from '../../platform/git/git.ts';
import type { ProjectRecords } from '../projectRecords.ts';
import type { WeakKeyOptions } from '../weakKeys/tools.ts';
import { type WeakKeysFound, withWeakHolders } from '../weakKeys/withWeakHolders.ts';
import type { Workspace } from '../workspace.ts';
import { keyHolders } from './keyHolders.ts';
import { identitiesByFile, placesOfFound } from './keyUses.ts';
import type { ScannedFinding } from './openScanner.ts';
import { type KeyScan, placesThatCount, sharedKeysOf } from './sharedKeysOf.ts';
import { withHolders } from './withHolders.ts';

/** What a project says of the keys that a scan saw. */
export interface KeyJudgement {
  /**
   * What a scan found, with the identities whose keys they are by the record, and by what else stands there; then the keys
   * that are shared.
   */
  withHolders(
    findings: readonly ScannedFinding[],
    from: KeyScan,
    signal: AbortSignal,
  ): Promise<readonly Finding[]>;
  /** Weak keys among those that a scan saw, with the identities whose keys they are by the record. */
  weakKeys(keys: readonly KeyPack[], options: WeakKeyOptions, signal: AbortSignal): Promise<WeakKeysFound>;
}

export interface Judging {
  readonly root: string;
  readonly workspace: Workspace;
  readonly git: Pick<Git, 'standingOf'> | undefined;
  readonly clock: Clock;
  /** With the manifests read. */
  records(signal: AbortSignal): Promise<ProjectRecords>;
}

export function keyJudgement({ root, workspace, git, clock, records }: Judging): KeyJudgement {
  return {
    async withHolders(findings, scan, signal) {
      const from = placesThatCount(scan, root);
      const now = clock.now();
      const holders = keyHolders(workspace, await records(signal), now);
      const index = workspace.index();
      const naming = identitiesByFile(index);
      const found = await withHolders(findings, {
        holders,
        places: placesOfFound(findings, from),
        naming,
        now,
        scanned: from.scanned,
        project: root,
        ...(from.onDisk
          ? { standing: git === undefined ? 'none' : (files) => git.standingOf(files, signal) }
          : {}),
      });
      return [...found, ...sharedKeysOf(from, { project: root, index, holders, naming, now })];
    },
    async weakKeys(keys, options, signal) {
      // The list of published keys is long, and most who open a project never ask.
      const { weakSightings } = await import('../weakKeys/weakSightings.ts');
      const weak = await weakSightings(keys, options, signal);
      if (weak.length === 0) return { findings: [], published: new Set() };
      return withWeakHolders(weak, keyHolders(workspace, await records(signal), clock.now()));
    },
  };
}
