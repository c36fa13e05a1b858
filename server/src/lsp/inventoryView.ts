/** The inventory of the whole window, as the views of an editor ask for it: in groups, in pages, by a text. */
import { expiryGroup } from '../core/inventory/expiryGroup.ts';
import type { InventoryGroup } from '../core/inventory/inventoryGroups.ts';
import type { InventoryIndex } from '../core/inventory/inventoryIndex.ts';
import { inventoryIndex } from '../core/inventory/inventoryIndex.ts';
import type { PlacedRow, ProjectRows } from '../core/inventory/placedRow.ts';
import { rowId } from '../core/inventory/placedRow.ts';
import type { Session } from './session.ts';
import type { ReadingNow, TreeGroup, TreeRow } from './treeProtocol.ts';

const latest = new WeakMap<Session, InventoryIndex>();

/** Made again only when a project was read again. */
export async function inventoryOf(session: Session, signal: AbortSignal): Promise<InventoryIndex> {
  const projects: ProjectRows[] = [];
  for (const { uri, project, state } of await session.projects.allNear()) {
    const rows = await state.rows(signal);
    projects.push({ root: uri, name: project.name, rows });
  }
  const before = latest.get(session);
  if (before !== undefined && isSame(before.projects, projects)) return before;
  const index = inventoryIndex(projects, before);
  latest.set(session, index);
  return index;
}

/** Nothing of it when all that there is was read. */
export async function readingNow(session: Session): Promise<{ readonly reading?: ReadingNow }> {
  const all = (await session.projects.allNear()).flatMap(({ state }) => state.reading() ?? []);
  if (all.length === 0) return {};
  const sum = (of: (one: ReadingNow) => number): number => all.reduce((total, one) => total + of(one), 0);
  return { reading: { done: sum(({ done }) => done), total: sum(({ total }) => total) } };
}

function isSame(before: readonly ProjectRows[], now: readonly ProjectRows[]): boolean {
  return (
    before.length === now.length &&
    before.every((one, place) => {
      const other = now[place];
      return one.root === other?.root && one.name === other.name && one.rows === other.rows;
    })
  );
}

/** Stable: it names the group in the next question. */
export function groupId({ value, project }: Pick<InventoryGroup, 'value' | 'project'>): string {
  return project === null ? (value ?? '') : `${project.root}#${value ?? ''}`;
}

export function treeGroup(group: InventoryGroup): TreeGroup {
  const { value, project, members, attention, revision } = group;
  return {
    id: groupId(group),
    value,
    ...(project === null ? {} : { project: project.name }),
    count: members.length,
    attention,
    revision,
  };
}

export function treeRow(placed: PlacedRow, severalProjects: boolean): TreeRow {
  const { project, row } = placed;
  return {
    id: rowId(placed),
    uri: project.root,
    ...(severalProjects ? { project: project.name } : {}),
    identity: { kind: row.kind, namespace: row.namespace, name: row.name },
    machine: row.machine,
    status: row.status,
    expiry: expiryGroup(row),
    verbs: row.verbs,
    owner: row.owner,
    backend: row.backend,
    isLogin: row.login !== undefined,
    isObserved: row.managedBy !== undefined,
    isDeclared: row.declaredAt !== null,
    isIssued: row.fingerprintSha256 !== null,
  };
}
