import type { Finding } from '../core/finding.ts';
import { formatIdentity, type IdentityId } from '../core/identity/identityId.ts';
import { type IdentityRecord, reduceRecord } from '../core/lifecycle/record.ts';
import type { DamagedEvent, StateStore } from '../core/lifecycle/stateStore.ts';
import type { CertificateResource } from '../core/manifest/resource.ts';
import type { Clock, Hasher } from '../core/ports.ts';
import type { Git } from '../platform/git/git.ts';
import type { JournalView } from './actions/journal.ts';
import type { InventoryRow, Overview, UnfinishedAction } from './api.ts';
import { formerIdentities } from './declarations.ts';
import { inventoryRows } from './inventory.ts';
import { recordFindings } from './recordFindings.ts';
import type { Workspace } from './workspace.ts';

export interface OverviewOptions {
  readonly workspace: Workspace;
  readonly store: StateStore;
  /** Undefined in an untrusted workspace. */
  readonly git: Git | undefined;
  readonly trusted: boolean;
  readonly journals: () => Promise<readonly JournalView[]>;
  readonly unfinished: (signal: AbortSignal) => Promise<readonly UnfinishedAction[]>;
  readonly clock: Clock;
  readonly hasher: Hasher;
}

/** What lies on disk beside the manifests, as it was read last. */
interface World {
  readonly recorded: readonly IdentityId[];
  readonly damaged: readonly DamagedEvent[];
  readonly journals: readonly JournalView[];
  readonly unfinished: readonly UnfinishedAction[];
  /** By identity and former names, which a manifest can change. */
  readonly records: Map<string, IdentityRecord>;
  readonly git: Pick<Git, 'branchesThatHold' | 'removedBy'> | undefined;
}

export interface RecordReading {
  /** Records of what is declared or recorded, by `formatIdentity`; those without events are left out. */
  records(recorded: readonly IdentityId[], signal: AbortSignal): Promise<ReadonlyMap<string, IdentityRecord>>;
}

/** Reads records of identities that have events under one of their names, and asks the disk for no other. */
export function recordReading(
  workspace: Workspace,
  store: StateStore,
  known: Map<string, IdentityRecord> = new Map(),
): RecordReading {
  return {
    async records(recorded, signal) {
      const withEvents = new Set(recorded.map(formatIdentity));
      const all = new Map<string, IdentityRecord>();
      const add = async (id: IdentityId, formerly: readonly string[]): Promise<void> => {
        const key = formatIdentity(id);
        if (all.has(key) || ![key, ...formerly].some((name) => withEvents.has(name))) return;
        const names = [key, ...formerly].join(' ');
        const record = known.get(names) ?? reduceRecord((await store.read(id, signal)).events);
        known.set(names, record);
        all.set(key, record);
      };
      for (const certificate of withEvents.size === 0 ? [] : workspace.index().certificates())
        await add(certificate.id, formerNamesOf(certificate));
      for (const id of recorded) await add(id, []);
      return all;
    },
  };
}

function formerNamesOf(certificate: CertificateResource): readonly string[] {
  return formerIdentities(certificate).map(formatIdentity);
}

/** Rows, unfinished actions and findings of a project. After a change of manifests alone, nothing is read from disk again. */
export function openOverview(
  options: OverviewOptions,
): (signal: AbortSignal, events: 'read' | 'known') => Promise<Overview> {
  const { workspace, store, clock, hasher } = options;
  let world: World | undefined;

  const read = async (signal: AbortSignal): Promise<World> => ({
    recorded: await store.list(signal),
    damaged: await store.damaged(signal),
    journals: await options.journals(),
    // The journal is the user's; an untrusted folder has no business with it.
    unfinished: options.trusted ? await options.unfinished(signal) : [],
    records: new Map(),
    git: options.git === undefined ? undefined : asked(options.git),
  });

  return async (signal, events) => {
    const now = events === 'known' && world !== undefined ? world : await read(signal);
    world = now;
    const { recorded, journals, unfinished, damaged, git } = now;
    const records = await recordReading(workspace, store, now.records).records(recorded, signal);
    const index = workspace.index();
    const given = { index, records, recorded, now: clock.now(), hasher };
    const rows: readonly InventoryRow[] = inventoryRows({ ...given, unfinished: journals });
    const findings: readonly Finding[] = await recordFindings({ ...given, damaged, git }, signal);
    return { rows, unfinished, findings };
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
