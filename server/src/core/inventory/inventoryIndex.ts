/**
 * The inventory of all projects of a window, in the order and in the groups in which it is shown. Made once for each
 * reading; of an edit it keeps what stayed. A question for a page of it then costs the page.
 */
import { wantsAction } from './expiryGroup.ts';
import type { Matches } from './filter.ts';
import { parseFilter } from './filter.ts';
import type { Grouping } from './grouping.ts';
import { byValue, isOfOneProject, valuesOf } from './grouping.ts';
import type { InventoryRow } from './inventoryRow.ts';
import { byEnd, endOf, type PlacedRow, type ProjectRows, saysTheSame } from './placedRow.ts';

export interface InventoryGroup {
  /** Null: what has no such thing. */
  readonly value: string | null;
  /** Root of the project, where several have a group of this value; null: the group is of all of them. */
  readonly project: PlacedRow['project'] | null;
  /** Nearest end first. */
  readonly members: readonly PlacedRow[];
  /** How many of them want somebody. */
  readonly attention: number;
  /** Another one: a member came, went, moved or says something else. */
  readonly revision: string;
}

export interface InventoryIndex {
  readonly projects: readonly ProjectRows[];
  /** Nearest end first. */
  readonly rows: readonly PlacedRow[];
  readonly attention: number;
  /** `filter`: see `parseFilter`. */
  matching(filter: string): readonly PlacedRow[];
  groups(grouping: Grouping, filter?: string): readonly InventoryGroup[];
  /** By root, in the order in which they were given: what the next index is compared with. */
  readonly placed: ReadonlyMap<string, readonly PlacedRow[]>;
  /** The next stamp. */
  readonly next: number;
}

/** Filters that somebody may come back to. */
const KEPT_FILTERS = 4;
/** With more new rows than this share, all are sorted anew. */
const FEW = 1 / 20;

export function inventoryIndex(projects: readonly ProjectRows[], before?: InventoryIndex): InventoryIndex {
  const { placed, fresh, gone, next } = place(projects, before);
  const count = projects.reduce((sum, { rows }) => sum + rows.length, 0);
  const rows =
    before !== undefined && fresh.length + gone.size <= count * FEW
      ? merged(before.rows, gone, fresh)
      : [...placed.values()].flat().sort(byEnd);
  const byFilter = new Map<string, Filtered>();
  const filtered = (filter: string): Filtered => {
    const text = filter.trim();
    const known = byFilter.get(text);
    const found = known ?? { rows: matchingRows(rows, parseFilter(text)), groups: new Map() };
    // The one that is used is the last to be forgotten.
    byFilter.delete(text);
    byFilter.set(text, found);
    for (const oldest of byFilter.keys()) {
      if (byFilter.size <= KEPT_FILTERS) break;
      byFilter.delete(oldest);
    }
    return found;
  };
  return {
    projects,
    rows,
    placed,
    next,
    attention: rows.reduce((sum, { waits }) => sum + Number(waits), 0),
    matching: (filter) => filtered(filter).rows,
    groups(grouping, filter = '') {
      const found = filtered(filter);
      const known = found.groups.get(grouping);
      if (known !== undefined) return known;
      const groups = grouped(found.rows, grouping, projects.length > 1);
      found.groups.set(grouping, groups);
      return groups;
    },
  };
}

interface Filtered {
  readonly rows: readonly PlacedRow[];
  readonly groups: Map<Grouping, readonly InventoryGroup[]>;
}

function matchingRows(rows: readonly PlacedRow[], matches: Matches | undefined): readonly PlacedRow[] {
  return matches === undefined ? rows : rows.filter(({ row }) => matches(row));
}

interface Placing {
  readonly placed: ReadonlyMap<string, readonly PlacedRow[]>;
  readonly fresh: readonly PlacedRow[];
  readonly gone: ReadonlySet<PlacedRow>;
  readonly next: number;
}

/** Rows that are what they were keep their place object; those that say the same keep their stamp. */
function place(projects: readonly ProjectRows[], before: InventoryIndex | undefined): Placing {
  const placed = new Map<string, readonly PlacedRow[]>();
  const fresh: PlacedRow[] = [];
  const gone = new Set<PlacedRow>();
  let next = before?.next ?? 1;
  for (const { root, name, rows } of projects) {
    const old = before?.placed.get(root) ?? [];
    const project = old[0]?.project.name === name ? old[0].project : { root, name };
    const isSameProject = old[0]?.project === project;
    const start = isSameProject ? sameAtStart(old, rows) : 0;
    const end = isSameProject ? sameAtEnd(old, rows, start) : 0;
    const shift = old.length - rows.length;
    const made: PlacedRow[] = old.slice(0, start);
    for (let at = start; at < rows.length - end; at += 1) {
      const row = rows[at];
      if (row === undefined) continue;
      const was = [old[at], old[at + shift]].find((each) => each !== undefined && saysTheSame(each.row, row));
      const each = { project, row, stamp: was?.stamp ?? next, end: endOf(row), waits: wantsAction(row) };
      if (was === undefined) next += 1;
      made.push(each);
      fresh.push(each);
    }
    for (let at = start; at < old.length - end; at += 1) {
      const each = old[at];
      if (each !== undefined) gone.add(each);
    }
    placed.set(root, end === 0 ? made : [...made, ...old.slice(old.length - end)]);
  }
  for (const [root, old] of before?.placed ?? [])
    if (!placed.has(root)) for (const each of old) gone.add(each);
  return { placed, fresh, gone, next };
}

function sameAtStart(old: readonly PlacedRow[], rows: readonly InventoryRow[]): number {
  const most = Math.min(old.length, rows.length);
  let count = 0;
  while (count < most && old[count]?.row === rows[count]) count += 1;
  return count;
}

function sameAtEnd(old: readonly PlacedRow[], rows: readonly InventoryRow[], start: number): number {
  const most = Math.min(old.length, rows.length) - start;
  let count = 0;
  while (count < most && old[old.length - 1 - count]?.row === rows[rows.length - 1 - count]) count += 1;
  return count;
}

function merged(
  sorted: readonly PlacedRow[],
  gone: ReadonlySet<PlacedRow>,
  fresh: readonly PlacedRow[],
): readonly PlacedRow[] {
  if (gone.size === 0 && fresh.length === 0) return sorted;
  const coming = [...fresh].sort(byEnd);
  const all: PlacedRow[] = [];
  let at = 0;
  for (const each of sorted) {
    if (gone.has(each)) continue;
    for (let one = coming[at]; one !== undefined && byEnd(one, each) < 0; one = coming[at]) {
      all.push(one);
      at += 1;
    }
    all.push(each);
  }
  return [...all, ...coming.slice(at)];
}

interface Draft {
  readonly value: string | null;
  readonly project: PlacedRow['project'] | null;
  readonly members: PlacedRow[];
  attention: number;
  digest: number;
  check: number;
}

function grouped(
  rows: readonly PlacedRow[],
  grouping: Grouping,
  severalProjects: boolean,
): readonly InventoryGroup[] {
  const drafts = new Map<string, Draft>();
  const isApart = severalProjects && isOfOneProject(grouping);
  const add = (value: string | null, each: PlacedRow): void => {
    const key = isApart ? `${each.project.root}\n${value ?? ''}` : (value ?? '');
    let draft = drafts.get(key);
    if (draft === undefined) {
      draft = {
        value,
        project: isApart ? each.project : null,
        members: [],
        attention: 0,
        digest: 0,
        check: 7,
      };
      drafts.set(key, draft);
    }
    draft.members.push(each);
    draft.attention += Number(each.waits);
    // Two sums over the stamps in their order: 64 bits, so that no change goes unseen.
    draft.digest = (Math.imul(draft.digest, 31) + each.stamp) | 0;
    draft.check = Math.imul(draft.check ^ each.stamp, 0x01000193);
  };
  for (const each of rows) {
    const values = valuesOf(each.row, grouping);
    if (values.length === 0) add(null, each);
    else for (const value of values) add(value, each);
  }
  const order = byValue(grouping);
  return [...drafts.values()]
    .sort((a, b) => order(a.value, b.value) || byName(a.project, b.project))
    .map(({ value, project, members, attention, digest, check }) => ({
      value,
      project,
      members,
      attention,
      revision: `${(digest >>> 0).toString(36)}.${(check >>> 0).toString(36)}`,
    }));
}

function byName(a: Draft['project'], b: Draft['project']): number {
  if (a === null || b === null || a === b) return 0;
  return a.name < b.name || (a.name === b.name && a.root < b.root) ? -1 : 1;
}
