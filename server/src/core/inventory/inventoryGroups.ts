import { byValue, type Grouping, isOfOneProject, valuesOf } from './grouping.ts';
import { byEnd, type PlacedRow } from './placedRow.ts';

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

/** What came and went since the last time. */
export interface Difference {
  readonly gone: ReadonlySet<PlacedRow>;
  readonly fresh: readonly PlacedRow[];
}

interface GroupKey {
  readonly value: string | null;
  readonly project: PlacedRow['project'] | null;
}

/** Of rows in their order. */
export function groupsOf(
  rows: readonly PlacedRow[],
  grouping: Grouping,
  severalProjects: boolean,
): readonly InventoryGroup[] {
  const drafts = collected(rows, grouping, severalProjects);
  return inOrder(
    grouping,
    [...drafts.values()].map(({ key, members }) => finished(key, members)),
  );
}

/** Only groups that something came to or went from are made anew. */
export function groupsAfter(
  before: readonly InventoryGroup[],
  { gone, fresh }: Difference,
  grouping: Grouping,
  severalProjects: boolean,
): readonly InventoryGroup[] {
  const coming = collected(fresh, grouping, severalProjects);
  const touched = new Set([...coming.keys(), ...collected(gone, grouping, severalProjects).keys()]);
  const known = new Set<string>();
  const groups = before.flatMap((group) => {
    const id = idOf(group);
    known.add(id);
    if (!touched.has(id)) return [group];
    const members = mergedRows(group.members, { gone, fresh: coming.get(id)?.members ?? [] });
    return members.length === 0 ? [] : [finished(group, members)];
  });
  const added = [...coming].flatMap(([id, { key, members }]) =>
    known.has(id) ? [] : [finished(key, [...members].sort(byEnd))],
  );
  return added.length === 0 ? groups : inOrder(grouping, [...groups, ...added]);
}

/** Rows in their order, without what is gone and with what came. Looks at few of them: the rest is copied as it stands. */
export function mergedRows(sorted: readonly PlacedRow[], { gone, fresh }: Difference): readonly PlacedRow[] {
  const cuts = Array.from(gone, (row) => placeOf(sorted, row)).filter((at) => at >= 0);
  if (cuts.length === 0 && fresh.length === 0) return sorted;
  cuts.sort((a, b) => a - b);
  const parts: PlacedRow[][] = [];
  let from = 0;
  let cut = 0;
  const copyTo = (end: number): void => {
    for (let at = cuts[cut]; at !== undefined && at < end; at = cuts[cut]) {
      parts.push(sorted.slice(from, at));
      from = at + 1;
      cut += 1;
    }
    parts.push(sorted.slice(from, end));
    from = Math.max(from, end);
  };
  for (const one of [...fresh].sort(byEnd)) {
    copyTo(countUpTo(sorted, one));
    parts.push([one]);
  }
  copyTo(sorted.length);
  return ([] as PlacedRow[]).concat(...parts);
}

/** How many of them do not come after `row`. */
function countUpTo(sorted: readonly PlacedRow[], row: PlacedRow): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const each = sorted[middle];
    if (each !== undefined && byEnd(each, row) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** -1: it is not among them. Two projects may have the same identity, and these stand together. */
function placeOf(sorted: readonly PlacedRow[], row: PlacedRow): number {
  for (let at = countUpTo(sorted, row) - 1; at >= 0; at -= 1) {
    const each = sorted[at];
    if (each === row) return at;
    if (each === undefined || byEnd(each, row) !== 0) return -1;
  }
  return -1;
}

interface Draft {
  readonly key: GroupKey;
  readonly members: PlacedRow[];
}

function collected(
  rows: Iterable<PlacedRow>,
  grouping: Grouping,
  severalProjects: boolean,
): ReadonlyMap<string, Draft> {
  const drafts = new Map<string, Draft>();
  const isApart = severalProjects && isOfOneProject(grouping);
  const add = (value: string | null, each: PlacedRow): void => {
    const id = isApart ? idOf({ value, project: each.project }) : (value ?? '');
    let draft = drafts.get(id);
    if (draft === undefined) {
      draft = { key: { value, project: isApart ? each.project : null }, members: [] };
      drafts.set(id, draft);
    }
    draft.members.push(each);
  };
  for (const each of rows) {
    const values = valuesOf(each.row, grouping);
    if (values.length === 0) add(null, each);
    else for (const value of values) add(value, each);
  }
  return drafts;
}

function idOf({ value, project }: GroupKey): string {
  return project === null ? (value ?? '') : `${project.root}\n${value ?? ''}`;
}

function finished({ value, project }: GroupKey, members: readonly PlacedRow[]): InventoryGroup {
  let attention = 0;
  let digest = 0;
  let check = 7;
  for (const { waits, stamp } of members) {
    attention += Number(waits);
    // Two sums over the stamps in their order: 64 bits, so that no change goes unseen.
    digest = (Math.imul(digest, 31) + stamp) | 0;
    check = Math.imul(check ^ stamp, 0x01000193);
  }
  const revision = `${(digest >>> 0).toString(36)}.${(check >>> 0).toString(36)}`;
  return { value, project, members, attention, revision };
}

function inOrder(grouping: Grouping, groups: readonly InventoryGroup[]): readonly InventoryGroup[] {
  const order = byValue(grouping);
  return [...groups].sort((a, b) => order(a.value, b.value) || byName(a.project, b.project));
}

function byName(a: GroupKey['project'], b: GroupKey['project']): number {
  if (a === null || b === null || a === b) return 0;
  return a.name < b.name || (a.name === b.name && a.root < b.root) ? -1 : 1;
}
