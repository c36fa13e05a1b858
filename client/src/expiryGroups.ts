import type { InventoryRow } from './protocol.ts';

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

/** States in which the date no longer decides anything. */
const ENDED = new Set([
  'revoked',
  'superseded',
  'suspended',
  'destroying',
  'destroyed',
  'orphaned',
  'unknown',
]);
/** A backend that nobody signed in to yet. */
const WITHOUT_LOGIN = new Set(['missing', 'unconfirmed']);
/** States that want a person, whatever the date says. */
const WANTS_ACTION = new Set(['due', 'outOfDate', 'expired', 'pending', 'unknown']);

export function expiryGroup(row: InventoryRow): ExpiryGroup {
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

/** Counted on the view's badge. What lives for days only is always near its end, and wants somebody once it is due. */
export function wantsAction(row: InventoryRow): boolean {
  return WANTS_ACTION.has(row.state) || expiryGroup(row) === 'expired';
}

/** Nearest end first; what has none by name. */
export function byExpiry(a: InventoryRow, b: InventoryRow): number {
  return (
    (a.notAfter ?? '\uffff').localeCompare(b.notAfter ?? '\uffff') ||
    a.namespace.localeCompare(b.namespace) ||
    a.name.localeCompare(b.name) ||
    (a.machine ?? '').localeCompare(b.machine ?? '')
  );
}
