import { CERT_MANAGER_CERTIFICATE } from '../core/identity/certManager.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { IdentityResource } from '../core/manifest/resource.ts';
import type { InventoryRow } from './api.ts';
import { type InventoryInput, inventoryRows } from './inventory.ts';

/** What all rows rest on, besides their own manifest. */
const COMMON_KINDS = ['Backend', 'Project', CERT_MANAGER_CERTIFICATE];
/** With more changed manifests than these, all rows are made again. */
const MOST_CHANGES = 64;

interface Kept {
  readonly index: ProjectIndex;
  readonly rows: readonly InventoryRow[];
}

/**
 * Rows of a project that is being edited. While nothing but manifests changed (`isSameWorld`), only the rows of changed
 * manifests are made again; what time does to the others shows when all are read again, at the moment their words change.
 */
export function openInventory(): (
  input: InventoryInput,
  isSameWorld: boolean,
  made?: ReadonlyMap<object, readonly InventoryRow[]>,
) => readonly InventoryRow[] {
  let kept: Kept | undefined;
  return (input, isSameWorld, made) => {
    const { index } = input;
    const changed = kept && isSameWorld ? changesSince(kept.index, index) : undefined;
    const rows =
      kept === undefined || changed === undefined
        ? inventoryRows(input, made)
        : changed.length === 0
          ? kept.rows
          : exchanged(kept.rows, input, changed);
    kept = { index, rows };
    return rows;
  };
}

/** Undefined: too many, or something else changed that rows rest on. */
function changesSince(before: ProjectIndex, now: ProjectIndex): readonly IdentityResource[] | undefined {
  if (COMMON_KINDS.some((kind) => before.ofKind(kind) !== now.ofKind(kind))) return undefined;
  if (before.repeated.length > 0 || now.repeated.length > 0) return undefined;
  const old = before.identities();
  const identities = now.identities();
  if (old.length !== identities.length) return undefined;
  const changed: IdentityResource[] = [];
  for (let place = 0; place < identities.length; place += 1) {
    const was = old[place];
    const is = identities[place];
    if (was === is) continue;
    if (was === undefined || is === undefined || changed.length >= MOST_CHANGES) return undefined;
    // Others rest on a workload, too: those below it.
    if (is.kind === 'Workload') return undefined;
    if (was.key !== is.key || was.formerNames.join() !== is.formerNames.join()) return undefined;
    changed.push(is);
  }
  return changed;
}

/** The rows of an identity stand together. */
function exchanged(
  rows: readonly InventoryRow[],
  input: InventoryInput,
  changed: readonly IdentityResource[],
): readonly InventoryRow[] {
  const { ofKind } = input.index;
  const index = {
    ...input.index,
    identities: () => changed,
    // Their rows stay.
    ofKind: (kind: string) => (kind === CERT_MANAGER_CERTIFICATE ? [] : ofKind(kind)),
  };
  const made = new Map<string, InventoryRow[]>();
  for (const row of inventoryRows({ ...input, index, recorded: [] })) {
    const key = formatIdentity(row);
    made.set(key, [...(made.get(key) ?? []), row]);
  }
  const names = new Set(changed.map(({ name }) => name));
  const done = new Set<string>();
  const all: InventoryRow[] = [];
  for (const row of rows) {
    const key = names.has(row.name) ? formatIdentity(row) : undefined;
    const now = key === undefined ? undefined : made.get(key);
    if (key === undefined || now === undefined) {
      all.push(row);
    } else if (!done.has(key)) {
      done.add(key);
      all.push(...now);
    }
  }
  return all;
}
