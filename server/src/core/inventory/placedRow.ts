import { formatIdentity } from '../identity/identityId.ts';
import type { InventoryRow } from './inventoryRow.ts';

/** The rows of one project. */
export interface ProjectRows {
  /** Tells projects apart: the URI of the root. */
  readonly root: string;
  readonly name: string;
  readonly rows: readonly InventoryRow[];
}

/** A row with the project that it belongs to. */
export interface PlacedRow {
  readonly project: Pick<ProjectRows, 'root' | 'name'>;
  readonly row: InventoryRow;
  /** Another number: it says something else than before. */
  readonly stamp: number;
  /** Milliseconds; what has no end is later than all that has one. */
  readonly end: number;
  /** It wants somebody. */
  readonly waits: boolean;
}

/** The latest time that a Date can have. */
const NEVER = 8.64e15;

export function endOf({ notAfter }: Pick<InventoryRow, 'notAfter'>): number {
  return notAfter === null ? NEVER : Date.parse(notAfter);
}

/** The same after each reading: which credential of which machine in which project. */
export function rowId({ project, row }: Pick<PlacedRow, 'project' | 'row'>): string {
  return `${project.root}#${formatIdentity(row)}@${row.machine ?? ''}`;
}

/** Nearest end first; what has none last, by name. */
export function byEnd(a: Pick<PlacedRow, 'row' | 'end'>, b: Pick<PlacedRow, 'row' | 'end'>): number {
  return (
    a.end - b.end ||
    byText(a.row.kind, b.row.kind) ||
    byText(a.row.namespace, b.row.namespace) ||
    byText(a.row.name, b.row.name) ||
    byText(a.row.machine ?? '', b.row.machine ?? '')
  );
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Both are about the same, and a list shows the same of them. Where a manifest says so may have moved. */
export function saysTheSame(a: InventoryRow, b: InventoryRow): boolean {
  return (
    a === b ||
    (a.name === b.name &&
      a.machine === b.machine &&
      a.namespace === b.namespace &&
      a.kind === b.kind &&
      a.status === b.status &&
      a.state === b.state &&
      a.notAfter === b.notAfter &&
      a.daysLeft === b.daysLeft &&
      a.fingerprintSha256 === b.fingerprintSha256 &&
      a.owner === b.owner &&
      a.backend === b.backend &&
      (a.declaredAt === null) === (b.declaredAt === null) &&
      sameTexts(a.verbs, b.verbs))
  );
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((text, place) => text === b[place]));
}
