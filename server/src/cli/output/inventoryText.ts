import type { InventoryRow } from '../../app/api.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import { formatDay, plural } from '../../core/text/instant.ts';
import { type Column, table } from './table.ts';
import { BLANK, type Cell, type Line, line, type Span, type Style, span } from './text.ts';

const STATE_STYLE: Readonly<Record<InventoryRow['state'], Style>> = {
  declared: 'quiet',
  pending: 'warning',
  active: 'good',
  due: 'warning',
  outOfDate: 'warning',
  superseded: 'quiet',
  suspended: 'warning',
  expired: 'error',
  revoked: 'error',
  destroying: 'warning',
  destroyed: 'quiet',
  orphaned: 'warning',
  unknown: 'warning',
  missing: 'warning',
  unconfirmed: 'warning',
};

const COLUMNS: readonly Column[] = [
  { title: 'IDENTITY', shrink: 1, atLeast: 40 },
  { title: 'MACHINE', shrink: 3, atLeast: 14, drop: 1 },
  { title: 'STATUS', shrink: 2, atLeast: 22 },
  { title: 'EXPIRES', drop: 3 },
  { title: 'OWNER', shrink: 4, atLeast: 12, drop: 2 },
  { title: 'BACKEND', shrink: 5, atLeast: 12, drop: 4 },
  { title: 'KEY', drop: 5 },
];

export interface Group {
  /** Null: the rows are not grouped. */
  readonly value: string | null;
  readonly rows: readonly InventoryRow[];
}

export function inventoryText(groups: readonly Group[], columns: number): readonly Line[] {
  const rows = groups.flatMap((group) => group.rows);
  // One layout for all groups, so that their columns stand under each other.
  const [header = BLANK, ...lines] = table(COLUMNS, rows.map(cells), { columns, header: true });
  let next = 0;
  const sections = groups.flatMap((group, index) => {
    const own = lines.slice(next, next + group.rows.length);
    next += group.rows.length;
    const title =
      group.value === null
        ? []
        : [line(span(group.value, 'strong'), span(`  ${summary(group.rows)}`, 'quiet'))];
    return [...(index === 0 ? [] : [BLANK]), ...title, ...own];
  });
  return [header, ...sections, BLANK, line(span(summary([...new Set(rows)]), 'quiet'))];
}

function cells(row: InventoryRow): readonly Cell[] {
  return [
    formatIdentity(row),
    row.machine ?? '',
    statusSpan(row),
    row.notAfter === null ? '' : formatDay(row.notAfter),
    row.owner ?? span('nobody', 'warning'),
    row.backend ?? '',
    span(row.algorithm ?? '', 'quiet'),
  ];
}

function statusSpan(row: InventoryRow): Span {
  return span(row.status, STATE_STYLE[row.state]);
}

/** `14 credentials · 9 valid · 2 due for renewal · 3 not issued yet`. */
function summary(rows: readonly InventoryRow[]): string {
  const own = rows.filter(({ managedBy }) => managedBy === undefined);
  const parts = STATE_WORDS.flatMap(([state, words]) => {
    const count = own.filter((row) => row.state === state).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const observed = rows.length - own.length;
  const others = observed === 0 ? [] : [`${observed} kept by cert-manager`];
  return [plural(rows.length, 'credential'), ...parts, ...others].join(' · ');
}

/** In the order in which a summary tells them. */
const STATE_WORDS: readonly (readonly [InventoryRow['state'], string])[] = [
  ['active', 'valid'],
  ['due', 'due for renewal'],
  ['outOfDate', 'out of date'],
  ['expired', 'expired'],
  ['revoked', 'revoked'],
  ['suspended', 'suspended'],
  ['pending', 'pending'],
  ['superseded', 'superseded'],
  ['destroying', 'being destroyed'],
  ['destroyed', 'destroyed'],
  ['orphaned', 'orphaned'],
  ['unknown', 'unknown'],
  ['declared', 'not issued yet'],
  ['missing', 'without login'],
  ['unconfirmed', 'not confirmed'],
];
