import type { InventoryRow } from './inventoryRow.ts';

/** The order in which they are shown. */
export const EXPIRY_GROUPS = [
  'expired',
  'within7Days',
  'within30Days',
  'within90Days',
  'later',
  'notIssued',
  'notSignedIn',
  'elsewhere',
  'other',
] as const;
export type ExpiryGroup = (typeof EXPIRY_GROUPS)[number];

type State = InventoryRow['state'];

/** States in which the date no longer decides anything. */
const ENDED: ReadonlySet<State> = new Set<State>([
  'revoked',
  'superseded',
  'suspended',
  'destroying',
  'destroyed',
  'orphaned',
  'unknown',
]);
/** A backend that nobody signed in to yet. */
const WITHOUT_LOGIN: ReadonlySet<State> = new Set<State>(['missing', 'unconfirmed']);
/** States that want a person, whatever the date says. */
const WANTS_ACTION: ReadonlySet<State> = new Set<State>([
  'due',
  'outOfDate',
  'expired',
  'pending',
  'unknown',
]);

const WEEK_MILLISECONDS = 7 * 86_400_000;

type Ending = Pick<
  InventoryRow,
  'state' | 'daysLeft' | 'managedBy' | 'login' | 'fingerprintSha256' | 'notBefore' | 'notAfter'
>;

export function expiryGroup(row: Ending): ExpiryGroup {
  if (row.managedBy !== undefined) return 'elsewhere';
  if (ENDED.has(row.state)) return 'other';
  if (WITHOUT_LOGIN.has(row.state)) return 'notSignedIn';
  // A registration has no end.
  if (row.daysLeft === null && row.login !== undefined) return row.state === 'expired' ? 'expired' : 'later';
  if (row.daysLeft === null) return row.fingerprintSha256 === null ? 'notIssued' : 'later';
  if (row.state === 'expired' || row.daysLeft < 0) return 'expired';
  if (row.daysLeft <= 7) return 'within7Days';
  if (row.daysLeft <= 30) return 'within30Days';
  if (row.daysLeft <= 90) return 'within90Days';
  return 'later';
}

/** Somebody has to do something. What lives for days only is always near its end, and wants somebody once it is due. */
export function wantsAction(row: Ending): boolean {
  return WANTS_ACTION.has(row.state) || expiryGroup(row) === 'expired';
}

/** News for somebody: it ends within 7 days, and that is not how it always is, since it lives longer than that or is due. */
export function endsThisWeek(row: Ending): boolean {
  if (expiryGroup(row) !== 'within7Days') return false;
  const life = Date.parse(row.notAfter ?? '') - Date.parse(row.notBefore ?? '');
  return !(life <= WEEK_MILLISECONDS) || wantsAction(row);
}
