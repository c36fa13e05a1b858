import type { IdentityRecord } from '../core/lifecycle/record.ts';
import type { StateStore } from '../core/lifecycle/stateStore.ts';
import type { Clock, Hasher } from '../core/ports.ts';
import type { Git } from '../platform/git/git.ts';
import type { JournalView } from './actions/journal.ts';
import type { InventoryRow, Overview, OverviewEvents, UnfinishedAction } from './api.ts';
import { type Ahead, readAhead, someRows } from './firstRows.ts';
import type { InventoryInput } from './inventory.ts';
import { openInventory } from './inventoryRefresh.ts';
import type { LintReader } from './lint/lintReader.ts';
import { type ProjectRecords, readProjectRecords } from './projectRecords.ts';
import { type KeptRecordFindings, recordFindings } from './recordFindings.ts';
import type { TrustReader } from './trust/trustReader.ts';
import type { FirstReader, Workspace } from './workspace.ts';

export interface OverviewOptions {
  readonly workspace: Workspace;
  readonly store: StateStore;
  /** Undefined in an untrusted workspace. */
  readonly git: Git | undefined;
  readonly trusted: boolean;
  readonly journals: () => Promise<readonly JournalView[]>;
  readonly unfinished: (signal: AbortSignal) => Promise<readonly UnfinishedAction[]>;
  readonly denied: () => Promise<InventoryInput['denied']>;
  readonly lint: LintReader;
  readonly trust: TrustReader;
  readonly clock: Clock;
  readonly hasher: Hasher;
}

/** What lies on disk beside the manifests, as it was read last. */
export interface World {
  readonly records: ProjectRecords;
  readonly journals: readonly JournalView[];
  readonly unfinished: readonly UnfinishedAction[];
  readonly git: Pick<Git, 'branchesThatHold' | 'removedBy'> | undefined;
  readonly denied: InventoryInput['denied'];
}

export interface OverviewReader {
  /** As they were read last; undefined before the first time. */
  records(): ReadonlyMap<string, IdentityRecord> | undefined;
  /**
   * Rows, unfinished actions and findings of a project. `known`: after a change of manifests alone, nothing is read from disk
   * again. `begun`: what `first` read beside the manifests is not read again.
   */
  read(signal: AbortSignal, events: OverviewEvents): Promise<Overview>;
  /** Makes rows while the folder is read for the first time, and tells of them now and then. */
  first(signal: AbortSignal, shown: (rows: readonly InventoryRow[]) => void): FirstReader;
}

export function openOverview(options: OverviewOptions): OverviewReader {
  const { workspace, store, clock, hasher } = options;
  let world: World | undefined;
  let names: object | undefined;
  let records: ReadonlyMap<string, IdentityRecord> | undefined;
  let kept: KeptRecordFindings | undefined;
  let ahead: Ahead | undefined;
  const inventory = openInventory();

  const readWorld = async (signal: AbortSignal): Promise<World> => ({
    records: await readProjectRecords(store, signal),
    journals: await options.journals(),
    // The journal is the user's; an untrusted folder has no business with it.
    unfinished: options.trusted ? await options.unfinished(signal) : [],
    git: options.git === undefined ? undefined : asked(options.git),
    denied: await options.denied(),
  });

  async function read(signal: AbortSignal, events: OverviewEvents): Promise<Overview> {
    const isSameWorld = events === 'known' && world !== undefined;
    const begun = events === 'begun' ? ahead : undefined;
    ahead = undefined;
    const now = begun?.world ?? (isSameWorld && world !== undefined ? world : await readWorld(signal));
    world = now;
    const { journals, unfinished, git, denied } = now;
    const { recorded, damaged } = now.records;
    const index = workspace.index();
    const isSameNames = isSameWorld && names === index.names;
    records = isSameNames && records !== undefined ? records : now.records.recordsFor(index);
    names = index.names;
    const policies = workspace.outsidePolicies();
    const given = { index, policies, records, recorded, now: clock.now(), hasher };
    const made = begun?.holdsFor(index) === true ? begun.rows : undefined;
    const rows = inventory({ ...given, unfinished: journals, denied }, isSameWorld, made);
    const before = begun?.found ?? (isSameWorld ? kept : undefined);
    const onRecord = await recordFindings(
      {
        ...given,
        damaged,
        git,
        lint: await options.lint.read(given, signal),
        trust: await options.trust.read(index),
      },
      signal,
      before,
    );
    kept = onRecord.kept;
    return { rows, unfinished, findings: onRecord.findings };
  }

  return {
    records: () => records,
    read,
    first: (signal, shown) => ({
      async begin(index, following) {
        if (following > 0) shown(await someRows(index, signal, options));
        const read = await readWorld(signal);
        ahead = readAhead(index, read, options, shown);
        return ahead.look;
      },
    }),
  };
}

/** A question to git is asked once: its answer changes with the world, not with a manifest's text. */
function asked(git: Git): Pick<Git, 'branchesThatHold' | 'removedBy'> {
  const branches = new Map<string, ReturnType<Git['branchesThatHold']>>();
  const removals = new Map<string, ReturnType<Git['removedBy']>>();
  return {
    branchesThatHold(file, text, signal) {
      const key = JSON.stringify([file, text]);
      const answer = branches.get(key) ?? git.branchesThatHold(file, text, signal);
      branches.set(key, answer);
      return answer;
    },
    removedBy(file, signal) {
      const answer = removals.get(file) ?? git.removedBy(file, signal);
      removals.set(file, answer);
      return answer;
    },
  };
}
