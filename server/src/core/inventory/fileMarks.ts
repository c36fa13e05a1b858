/** Which manifests declare something that wants a person, for the marks of an editor's file tree. */
import { formatIdentity } from '../identity/identityId.ts';
import { endsThisWeek } from './expiryGroup.ts';
import type { InventoryRow } from './inventoryRow.ts';
import type { PlacedRow } from './placedRow.ts';

export interface FileMark {
  /** Of the project, as `PlacedRow` has it. */
  readonly root: string;
  readonly file: string;
  /** At most two signs: `5d`, or `!`. */
  readonly badge: string;
  /** `bad`: it has ended. Never alone: `text` says the same. */
  readonly tone: 'bad' | 'attention';
  /** `Certificate/shop/web on web-1: expires in 5 days, and 3 more`. */
  readonly text: string;
}

/** What fits beside a letter. */
const MOST_DAYS = 9;

/** `rows`: nearest end first. A file has one mark, for what is most urgent in it. */
export function fileMarks(rows: readonly PlacedRow[], most: number): readonly FileMark[] {
  const byFile = new Map<
    string,
    { readonly worst: PlacedRow; readonly file: string; readonly count: number }
  >();
  for (const placed of rows) {
    const { row, project, waits } = placed;
    if (row.declaredAt === null || !(waits || endsThisWeek(row))) continue;
    const { file } = row.declaredAt;
    const key = `${project.root}\n${file}`;
    const known = byFile.get(key);
    if (known === undefined && byFile.size >= most) continue;
    const worst = known === undefined || isWorse(placed, known.worst) ? placed : known.worst;
    byFile.set(key, { worst, file, count: (known?.count ?? 0) + 1 });
  }
  return Array.from(byFile.values(), ({ worst: { row, project }, file, count }) => ({
    root: project.root,
    file,
    badge: badgeOf(row),
    tone: row.state === 'expired' ? 'bad' : 'attention',
    text: `${nameOf(row)}: ${row.status}${count === 1 ? '' : `, and ${count - 1} more`}`,
  }));
}

/** What has ended comes first; of the others the nearest end, which comes first anyway. */
function isWorse(a: PlacedRow, b: PlacedRow): boolean {
  return a.row.state === 'expired' && b.row.state !== 'expired';
}

function badgeOf({ state, daysLeft }: InventoryRow): string {
  return state !== 'expired' && daysLeft !== null && daysLeft >= 0 && daysLeft <= MOST_DAYS
    ? `${daysLeft}d`
    : '!';
}

function nameOf(row: InventoryRow): string {
  return `${formatIdentity(row)}${row.machine === null ? '' : ` on ${row.machine}`}`;
}
