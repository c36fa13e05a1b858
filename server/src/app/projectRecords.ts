import type { IdentityId } from '../core/identity/identityId.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { IdentityEvent } from '../core/lifecycle/event.ts';
import type { IdentityRecord } from '../core/lifecycle/record.ts';
import { reduceRecord } from '../core/lifecycle/record.ts';
import type { DamagedEvent, StateStore } from '../core/lifecycle/stateStore.ts';
import { formerIdentities } from './declarations.ts';

/** What is recorded of a whole project, read in one pass. */
export interface ProjectRecords {
  /** Under the names that the events bear. */
  readonly recorded: readonly IdentityId[];
  /** By `formatIdentity`; a declared identity's has the events of its former names, too. */
  readonly records: ReadonlyMap<string, IdentityRecord>;
  readonly events: readonly IdentityEvent[];
  readonly damaged: readonly DamagedEvent[];
}

export async function readProjectRecords(
  store: StateStore,
  index: ProjectIndex,
  signal: AbortSignal,
): Promise<ProjectRecords> {
  const all = await store.readAll(signal);
  const eventsOf = new Map(all.records.map(({ identity, events }) => [formatIdentity(identity), events]));
  const joined = new Map(eventsOf);
  for (const certificate of index.certificates()) {
    if (certificate.formerNames.length === 0) continue;
    const names = [certificate.id, ...formerIdentities(certificate)];
    const events = names.flatMap((name) => eventsOf.get(formatIdentity(name)) ?? []);
    if (events.length > 0) joined.set(formatIdentity(certificate.id), events);
  }
  return {
    recorded: all.records.map(({ identity }) => identity),
    records: new Map([...joined].map(([name, events]) => [name, reduceRecord(events)])),
    events: all.records.flatMap(({ events }) => events),
    damaged: all.damaged,
  };
}
