import type { IdentityId } from '../core/identity/identityId.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { IdentityEvent } from '../core/lifecycle/event.ts';
import type { IdentityRecord } from '../core/lifecycle/record.ts';
import { reduceRecord } from '../core/lifecycle/record.ts';
import type { DamagedEvent, StateStore } from '../core/lifecycle/stateStore.ts';
import { formerIdentities } from './declarations.ts';

/** What is recorded of a whole project, read in one pass. Manifests that change meanwhile need no second one. */
export interface ProjectRecords {
  /** Under the names that the events bear. */
  readonly recorded: readonly IdentityId[];
  readonly events: readonly IdentityEvent[];
  readonly damaged: readonly DamagedEvent[];
  /** By `formatIdentity`; a declared identity's has the events of its former names, too. */
  recordsFor(index: ProjectIndex): ReadonlyMap<string, IdentityRecord>;
}

export async function readProjectRecords(store: StateStore, signal: AbortSignal): Promise<ProjectRecords> {
  const all = await store.readAll(signal);
  const eventsOf = new Map(all.records.map(({ identity, events }) => [formatIdentity(identity), events]));
  /** By the names whose events are joined: a record is computed once. */
  const known = new Map<string, IdentityRecord>();
  const recordOf = (names: readonly string[]): IdentityRecord => {
    const key = names.join(' ');
    const record = known.get(key) ?? reduceRecord(names.flatMap((name) => eventsOf.get(name) ?? []));
    known.set(key, record);
    return record;
  };
  return {
    recorded: all.records.map(({ identity }) => identity),
    events: all.records.flatMap(({ events }) => events),
    damaged: all.damaged,
    recordsFor(index) {
      const records = new Map([...eventsOf.keys()].map((name) => [name, recordOf([name])]));
      if (eventsOf.size === 0) return records;
      for (const resource of index.identities()) {
        if (resource.formerNames.length === 0) continue;
        const names = [resource.id, ...formerIdentities(resource)].map(formatIdentity);
        if (names.some((name) => eventsOf.has(name))) records.set(resource.key, recordOf(names));
      }
      return records;
    },
  };
}
