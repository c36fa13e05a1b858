import { CERT_MANAGER_CERTIFICATE } from '../core/identity/certManager.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { IdentityResource } from '../core/manifest/resource.ts';
import { policiesWithDefaults } from '../core/policy/defaults.ts';
import { sameItems } from '../core/rules/keptFiles.ts';
import type { InventoryRow } from './api.ts';
import { type InventoryInput, inventoryRows, latestRowsOf, rowsOfIdentity } from './inventory.ts';

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
    const some = kept && changed ? exchanged(kept.rows, input, changed) : undefined;
    const rows = some ?? inventoryRows(input, made);
    kept = { index, rows };
    return rows;
  };
}

interface Change {
  readonly was: IdentityResource;
  readonly is: IdentityResource;
}

/** Undefined: too many, or something else changed that rows rest on. */
function changesSince(before: ProjectIndex, now: ProjectIndex): readonly Change[] | undefined {
  if (COMMON_KINDS.some((kind) => before.ofKind(kind) !== now.ofKind(kind))) return undefined;
  const [defaultsThen, defaultsNow] = [before, now].map((index) => policiesWithDefaults(index.policies()));
  if (!sameItems(defaultsThen ?? [], defaultsNow ?? [])) return undefined;
  if (before.repeated.length > 0 || now.repeated.length > 0) return undefined;
  const old = before.identities();
  const identities = now.identities();
  if (old.length !== identities.length) return undefined;
  const changed: Change[] = [];
  for (let place = 0; place < identities.length; place += 1) {
    const was = old[place];
    const is = identities[place];
    if (was === is) continue;
    if (was === undefined || is === undefined || changed.length >= MOST_CHANGES) return undefined;
    // Others rest on a workload, too: those below it.
    if (is.kind === 'Workload') return undefined;
    if (was.key !== is.key || was.formerNames.join() !== is.formerNames.join()) return undefined;
    changed.push({ was, is });
  }
  return changed;
}

/** The rows of an identity stand together. Undefined: they are not where they should be. */
function exchanged(
  before: readonly InventoryRow[],
  input: InventoryInput,
  changed: readonly Change[],
): readonly InventoryRow[] | undefined {
  if (changed.length === 0) return before;
  const rows = before.slice();
  for (const { was, is } of changed) {
    const old = latestRowsOf(was);
    const at = old[0] === undefined ? -1 : rows.indexOf(old[0]);
    if (at === -1 || old.some((row, place) => rows[at + place] !== row)) return undefined;
    rows.splice(at, old.length, ...rowsOfIdentity(input, is));
  }
  return rows;
}
