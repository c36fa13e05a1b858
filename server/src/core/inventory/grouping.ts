import type { ExpiryGroup } from './expiryGroup.ts';
import { EXPIRY_GROUPS, expiryGroup } from './expiryGroup.ts';
import type { InventoryRow } from './inventoryRow.ts';

/** What rows can be grouped by and searched for, in the order in which it is offered. */
export const FIELDS = [
  'kind',
  'backend',
  'issuer',
  'owner',
  'machine',
  'criticality',
  'exposure',
  'algorithm',
  'file',
  'namespace',
  'state',
  'expiry',
] as const;
export type Field = (typeof FIELDS)[number];

const LABEL = 'label:';
/** `label:KEY` groups by any label. */
export type Grouping = Field | `${typeof LABEL}${string}`;

export const GROUPINGS_TEXT = `${FIELDS.join(', ')}, or ${LABEL}KEY`;

/** Undefined: there is nothing of that name to group by. */
export function parseGrouping(text: string): Grouping | undefined {
  if (text.startsWith(LABEL) && text.length > LABEL.length) return text as Grouping;
  return FIELDS.find((field) => field === text);
}

/** What each project has of its own, so that the same name in two of them is two things. */
export function isOfOneProject(grouping: Grouping): boolean {
  return grouping === 'backend' || grouping === 'file';
}

const NONE: readonly string[] = [];

/** The groups that a row belongs to: none of them where it has no such thing, several where it has several machines. */
export function valuesOf(row: InventoryRow, grouping: Grouping): readonly string[] {
  switch (grouping) {
    case 'kind':
    case 'namespace':
    case 'backend':
    case 'issuer':
    case 'owner':
    case 'algorithm':
    case 'state':
      return one(row[grouping]);
    case 'machine':
      // A key that is shared on purpose is on all of its machines.
      return row.machine === null ? row.machines : [row.machine];
    case 'file':
      return one(row.declaredAt?.file);
    case 'expiry':
      return [expiryGroup(row)];
    case 'criticality':
    case 'exposure':
      return one(label(row, grouping));
    default:
      return one(label(row, grouping.slice(LABEL.length)));
  }
}

function one(value: string | null | undefined): readonly string[] {
  return value === null || value === undefined || value === '' ? NONE : [value];
}

function label({ labels }: InventoryRow, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Words of a scale stand in its order: what weighs most first. */
const SCALES: Readonly<Record<'criticality' | 'exposure' | 'expiry', readonly string[]>> = {
  criticality: ['critical', 'high', 'medium', 'normal', 'low'],
  exposure: ['public', 'external', 'partner', 'internal', 'private'],
  expiry: EXPIRY_GROUPS satisfies readonly ExpiryGroup[],
};

/** In the order in which groups are shown; what has no value (null) stands last. */
export function byValue(grouping: Grouping): (a: string | null, b: string | null) => number {
  const scale =
    grouping === 'criticality' || grouping === 'exposure' || grouping === 'expiry' ? SCALES[grouping] : NONE;
  const rank = (value: string): number => {
    const place = scale.indexOf(value);
    return place === -1 ? scale.length : place;
  };
  return (a, b) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
  };
}
