import type { Finding } from '../../core/finding.ts';
import type { KeyPack } from '../../core/keys/keyPack.ts';
import type { Clock } from '../../core/ports.ts';
import type { WeakKeyOptions } from '../weakKeys/tools.ts';
import { type WeakKeysFound, withWeakHolders } from '../weakKeys/withWeakHolders.ts';
import type { KeyKnowledge } from './keyKnowledge.ts';
import { placesOfFound } from './keyUses.ts';
import type { ScannedFinding } from './openScanner.ts';
import { type KeyScan, placesThatCount, sharedKeysOf } from './sharedKeysOf.ts';
import { type StandingOfFiles, withHolders } from './withHolders.ts';

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
  readonly clock: Clock;
  /** What git says of files of the project; `none`: there is no git. */
  standingOf(files: readonly string[], signal: AbortSignal): Promise<StandingOfFiles>;
  /** What the project says of keys now. */
  known(signal: AbortSignal): Promise<KeyKnowledge>;
}

export function keyJudgement({ root, clock, standingOf, known }: Judging): KeyJudgement {
  return {
    async withHolders(findings, scan, signal) {
      const from = placesThatCount(scan, root);
      const now = clock.now();
      const knowledge = await known(signal);
      const found = await withHolders(findings, {
        knowledge,
        places: placesOfFound(findings, from),
        now,
        scanned: from.scanned,
        project: root,
        ...(from.onDisk ? { standingOf: (files) => standingOf(files, signal) } : {}),
      });
      return [...found, ...sharedKeysOf(from, { project: root, knowledge, now })];
    },
    async weakKeys(keys, options, signal) {
      // The list of published keys is long, and most who open a project never ask.
      const { weakSightings } = await import('../weakKeys/weakSightings.ts');
      const weak = await weakSightings(keys, options, signal);
      if (weak.length === 0) return { findings: [], published: new Set() };
      return withWeakHolders(weak, (await known(signal)).holders);
    },
  };
}
