/**
 * The inventory of all projects of a window, in the order and in the groups in which it is shown. Made once for each
 * reading; of an edit it keeps what stayed. A question for a page of it then costs the page.
 */
import { wantsAction } from './expiryGroup.ts';
import type { Matches } from './filter.ts';
import { parseFilter } from './filter.ts';
import type { Grouping } from './grouping.ts';
import {
  type Difference,
  groupsAfter,
  groupsOf,
  type InventoryGroup,
  mergedRows,
} from './inventoryGroups.ts';
import type { InventoryRow } from './inventoryRow.ts';
import { byEnd, endOf, type PlacedRow, type ProjectRows, saysTheSame } from './placedRow.ts';

export interface InventoryIndex {
  readonly projects: readonly ProjectRows[];
  /** Nearest end first. */
  readonly rows: readonly PlacedRow[];
  readonly attention: number;
  /** `filter`: see `parseFilter`. */
  matching(filter: string): readonly PlacedRow[];
  groups(grouping: Grouping, filter?: string): readonly InventoryGroup[];
  /** By filter, as far as somebody asked for it: what the next index starts from. */
  found(): Iterable<readonly [string, Found]>;
  /** By root, in the order in which they were given: what the next index is compared with. */
  readonly placed: ReadonlyMap<string, readonly PlacedRow[]>;
  /** The next stamp. */
  readonly next: number;
}

/** Filters that somebody may come back to. */
const KEPT_FILTERS = 4;
/** With more new rows than this share, all are sorted anew. */
const FEW = 1 / 20;
const NO_DIFFERENCE: Difference = { gone: new Set(), fresh: [] };

export function inventoryIndex(projects: readonly ProjectRows[], before?: InventoryIndex): InventoryIndex {
  const { placed, fresh, gone, next } = place(projects, before);
  const count = projects.reduce((sum, { rows }) => sum + rows.length, 0);
  const isFew = before !== undefined && fresh.length + gone.size <= count * FEW;
  const rows = isFew ? mergedRows(before.rows, { gone, fresh }) : [...placed.values()].flat().sort(byEnd);
  const severalProjects = projects.length > 1;
  const isAlike = isFew && before.projects.length > 1 === severalProjects;
  // What nobody asks for again is not kept longer than the next index; of rows that are gone nothing else is kept.
  const difference = isAlike ? { gone, fresh } : NO_DIFFERENCE;
  const former = new Map(isAlike ? before.found() : []);
  const byFilter = new Map<string, Found>();
  const found = (text: string): Found => {
    const was = former.get(text);
    former.delete(text);
    if (was === undefined) return firstFound(rows, text, severalProjects);
    return foundAfter(was, difference, text === '' ? rows : undefined, parseFilter(text), severalProjects);
  };
  const filtered = (filter: string): Found => {
    const text = filter.trim();
    const now = byFilter.get(text) ?? found(text);
    // The one that is used is the last to be forgotten.
    byFilter.delete(text);
    byFilter.set(text, now);
    for (const oldest of byFilter.keys()) {
      if (byFilter.size <= KEPT_FILTERS) break;
      byFilter.delete(oldest);
    }
    return now;
  };
  return {
    projects,
    rows,
    placed,
    next,
    attention: rows.reduce((sum, { waits }) => sum + Number(waits), 0),
    found: () => byFilter,
    matching: (filter) => filtered(filter).rows,
    groups: (grouping, filter = '') => filtered(filter).groups(grouping),
  };
}

/** What one filter lets through, and its groups as far as somebody asked for them. */
export interface Found {
  readonly rows: readonly PlacedRow[];
  groups(grouping: Grouping): readonly InventoryGroup[];
  asked(): Iterable<readonly [Grouping, readonly InventoryGroup[]]>;
}

function firstFound(all: readonly PlacedRow[], text: string, severalProjects: boolean): Found {
  const rows = matchingRows(all, parseFilter(text));
  return foundOf(rows, (grouping) => groupsOf(rows, grouping, severalProjects));
}

/** Only rows that came are asked whether they match. `all`: they do. */
function foundAfter(
  was: Found,
  { gone, fresh }: Difference,
  all: readonly PlacedRow[] | undefined,
  matches: Matches | undefined,
  severalProjects: boolean,
): Found {
  const difference = { gone, fresh: matchingRows(fresh, matches) };
  const rows = all ?? mergedRows(was.rows, difference);
  const former = new Map(was.asked());
  return foundOf(rows, (grouping) => {
    const before = former.get(grouping);
    former.delete(grouping);
    return before === undefined
      ? groupsOf(rows, grouping, severalProjects)
      : groupsAfter(before, difference, grouping, severalProjects);
  });
}

function foundOf(rows: readonly PlacedRow[], make: (grouping: Grouping) => readonly InventoryGroup[]): Found {
  const made = new Map<Grouping, readonly InventoryGroup[]>();
  return {
    rows,
    asked: () => made,
    groups(grouping) {
      const groups = made.get(grouping) ?? make(grouping);
      made.set(grouping, groups);
      return groups;
    },
  };
}

function matchingRows(rows: readonly PlacedRow[], matches: Matches | undefined): readonly PlacedRow[] {
  return matches === undefined ? rows : rows.filter(({ row }) => matches(row));
}

interface Placing extends Difference {
  readonly placed: ReadonlyMap<string, readonly PlacedRow[]>;
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
