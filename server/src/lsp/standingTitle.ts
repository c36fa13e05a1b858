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

/** Of each answer that is kept: a file of many manifests asks for each of them. */
const byIdentity = new WeakMap<readonly InventoryRow[], ReadonlyMap<string, readonly InventoryRow[]>>();

export function rowsOf(rows: readonly InventoryRow[], identity: IdentityId): readonly InventoryRow[] {
  let known = byIdentity.get(rows);
  if (known === undefined) {
    known = grouped(rows);
    byIdentity.set(rows, known);
  }
  return known.get(formatIdentity(identity)) ?? [];
}

function grouped(rows: readonly InventoryRow[]): ReadonlyMap<string, readonly InventoryRow[]> {
  const groups = new Map<string, InventoryRow[]>();
  for (const row of rows) {
    const key = formatIdentity(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
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
