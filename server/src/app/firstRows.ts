/** Rows of a project that is read for the first time, made of each manifest while what it says is at hand. */
import { BackendError } from '../backends/errors.ts';
import { CERT_MANAGER_CERTIFICATE } from '../core/identity/certManager.ts';
import { isIdentityKind } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import { type IdentityRecord, reduceRecord } from '../core/lifecycle/record.ts';
import type { ManifestFile } from '../core/manifest/manifestFile.ts';
import type { IdentityResource } from '../core/manifest/resource.ts';
import type { InventoryRow } from './api.ts';
import { type InventoryInput, inventoryRows, rowsOfIdentity } from './inventory.ts';
import type { OverviewOptions, World } from './overview.ts';
import { type FoundAhead, recordFindingsAhead } from './recordFindings.ts';

/** Identities that are shown before the whole record is read. */
const SHOWN_AT_ONCE = 200;
/** What all rows rest on, besides their own manifest. */
const COMMON_KINDS = ['Backend', 'Project'];
/** Whoever shows them sorts all of them again: they are told of when there are as many more, and not all the time. */
const GROWTH = 2;
const CALM_MS = 500;

export interface Ahead {
  readonly world: World;
  readonly rows: ReadonlyMap<object, readonly InventoryRow[]>;
  readonly found: FoundAhead;
  readonly look: (file: ManifestFile) => void;
  /** The rows are true of the whole project, too. */
  holdsFor(index: ProjectIndex): boolean;
}

/** Of the first identities: their records alone are read. */
export async function someRows(
  index: ProjectIndex,
  signal: AbortSignal,
  options: OverviewOptions,
): Promise<readonly InventoryRow[]> {
  const { store, clock, hasher } = options;
  const identities = index.identities().slice(0, SHOWN_AT_ONCE);
  const records = new Map<string, IdentityRecord>();
  const readable: IdentityResource[] = [];
  for (const resource of identities) {
    if (restsOnOthers(resource)) continue;
    try {
      const { events } = await store.read(resource.id, signal);
      if (events.length > 0) records.set(resource.key, reduceRecord(events));
      readable.push(resource);
    } catch (error) {
      // A name that no folder can have, a link in its place: all rows tell of it.
      if (!(error instanceof BackendError)) throw error;
    }
  }
  return inventoryRows({
    index: {
      ...index,
      identities: () => readable,
      ofKind: (kind) => (kind === CERT_MANAGER_CERTIFICATE ? [] : index.ofKind(kind)),
    },
    records,
    recorded: [],
    unfinished: await options.journals(),
    denied: await options.denied(),
    now: clock.now(),
    hasher,
  });
}

export function readAhead(
  index: ProjectIndex,
  world: World,
  { workspace, clock, hasher }: OverviewOptions,
  shown: (rows: readonly InventoryRow[]) => void,
): Ahead {
  const records = world.records.recordsFor(index);
  const given = { index, records, now: clock.now(), hasher };
  const input: InventoryInput = {
    ...given,
    recorded: [],
    unfinished: world.journals,
    denied: world.denied,
  };
  const { look, found } = recordFindingsAhead({ ...given, policies: workspace.outsidePolicies() });
  const made = new Map<object, readonly InventoryRow[]>();
  const rows: InventoryRow[] = [];
  const seen = new Set<string>();
  let next = SHOWN_AT_ONCE * GROWTH;
  let told = performance.now();

  const tell = (): void => {
    if (rows.length < next || performance.now() - told < CALM_MS) return;
    next = rows.length * GROWTH;
    told = performance.now();
    shown(rows.slice());
  };

  return {
    world,
    rows: made,
    found,
    look(file) {
      const identities = identitiesOf(file);
      if (!identities.some(restsOnOthers)) look(file);
      for (const resource of identities) {
        if (restsOnOthers(resource)) continue;
        const own = rowsOfIdentity(input, resource);
        made.set(resource, own);
        if (seen.has(resource.key)) continue;
        seen.add(resource.key);
        rows.push(...own);
      }
      tell();
    },
    holdsFor: (now) =>
      COMMON_KINDS.every((kind) => {
        const [before, after] = [index.ofKind(kind), now.ofKind(kind)];
        return before.length === after.length && before.every((each, place) => each === after[place]);
      }),
  };
}

/** It waits until all are read: its record is that of its former names, too, or its parent says part of what it is. */
function restsOnOthers({ kind, formerNames, namedKinds }: IdentityResource): boolean {
  return formerNames.length > 0 || namedKinds.includes(kind);
}

function identitiesOf(file: ManifestFile): readonly IdentityResource[] {
  const found = file.documents.flatMap(({ resource }) =>
    resource !== undefined && isIdentityKind(resource.kind) ? [resource] : [],
  );
  // The kind decides the type of the specification; it holds while the resource is usable.
  return found as readonly unknown[] as readonly IdentityResource[];
}
