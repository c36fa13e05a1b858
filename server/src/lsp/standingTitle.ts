/** An identity may stand differently on each of its machines; a lens has one line for all of them. */
import type { InventoryRow, Verb } from '../app/api.ts';
import { leftText } from '../core/identity/expiry.ts';
import { formatIdentity, type IdentityId } from '../core/identity/identityId.ts';
import { VERBS } from '../core/lifecycle/plan.ts';

/** What needs a person first, first. */
const URGENCY: readonly InventoryRow['state'][] = [
  'expired',
  'unknown',
  'revoked',
  'suspended',
  'orphaned',
  'destroying',
  'due',
  'outOfDate',
  'pending',
  'declared',
  'superseded',
  'destroyed',
  'active',
];

/** Rows of each of these identities, found in one pass over what may be a hundred thousand. */
export function rowsOfEach(
  rows: readonly InventoryRow[],
  identities: readonly IdentityId[],
): (identity: IdentityId) => readonly InventoryRow[] {
  const names = new Set(identities.map(({ name }) => name));
  const found = new Map<string, InventoryRow[]>();
  for (const row of rows) {
    if (!names.has(row.name)) continue;
    const key = formatIdentity(row);
    const others = found.get(key);
    if (others === undefined) found.set(key, [row]);
    else others.push(row);
  }
  return (identity) => found.get(formatIdentity(identity)) ?? [];
}

/** `valid · 43 days left · local-ca`, or `expires in 2 days on web-1 · 3 machines · local-ca`. */
export function stateTitle(rows: readonly InventoryRow[], now: Date): string {
  const [first, ...others] = [...rows].sort(byUrgency);
  if (first === undefined) return '';
  const same = others.every((row) => statusOf(row, now) === statusOf(first, now));
  const where = same || first.machine === null ? '' : ` on ${first.machine}`;
  const machines = others.length === 0 ? [] : [`${rows.length} machines`];
  const backend = first.backend === null ? [] : [first.backend];
  return [`${statusOf(first, now)}${where}`, ...machines, ...backend].join(' · ');
}

function statusOf(row: InventoryRow, now: Date): string {
  return row.state === 'active' && row.notAfter !== null
    ? `valid · ${leftText(row.notAfter, now)}`
    : row.status;
}

/** What at least one machine's share allows, in the order of a life. */
export function offeredVerbs(rows: readonly InventoryRow[]): readonly Verb[] {
  return VERBS.filter((verb) => rows.some((row) => row.verbs.includes(verb)));
}

export function byUrgency(a: InventoryRow, b: InventoryRow): number {
  return (
    URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state) ||
    (a.daysLeft ?? Number.POSITIVE_INFINITY) - (b.daysLeft ?? Number.POSITIVE_INFINITY) ||
    0
  );
}
