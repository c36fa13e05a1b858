import type { Instead } from '../impact/replacement/instead.ts';
import { formatDay, plural } from '../text/instant.ts';
import type { How, MigrationItem, MigrationPlan, Wave } from './plan.ts';

/** The words that every face has for a plan. */
export const HOW: Readonly<Record<How, string>> = {
  renewal: 'at a renewal',
  early: 'early',
  first: 'when it is first issued',
  anchor: 'deliver the new root',
  elsewhere: 'where it is renewed',
};

export function summaryText({ total, done, atRenewals, early, blocked }: MigrationPlan): string {
  const stuck = blocked.reduce((sum, { count }) => sum + count, 0);
  return `${plural(total, 'credential')} with a key, ${done} with one that lasts. To do: ${atRenewals} at renewals or first issue, ${early} early, ${stuck} not possible yet.`;
}

export function waveTitle({ number, title, until, deadline }: Wave): string {
  return `${number}. ${title}: until ${formatDay(until)}, for the deadline of ${formatDay(deadline.at)}`;
}

export function resourceText({ resource, machine }: MigrationItem): string {
  return machine === null ? resource : `${resource} @${machine}`;
}

export function targetText({ to, interim, purpose }: MigrationItem): string {
  if (!to.can) return notYet(to);
  if (purpose === 'anchor') return `the root of ${to.change.resource} with ${to.change.to}`;
  return `${to.change.field}: ${to.change.to}${interim ? ' (for now: it ends, too)' : ''}`;
}

function notYet({ why, next }: Instead & { can: false }): string {
  return `not yet: ${why}; ${next}`;
}

export function dayText({ on }: MigrationItem): string {
  return on === null ? 'whoever renews it' : formatDay(on);
}
