import { NO_END } from '../lifecycle/event.ts';
import { DAY_MS, plural } from '../text/instant.ts';

const HOUR_MS = 3_600_000;

/** Whole 24-hour units in UTC, rounded down; negative once it is over. Hours only below 48. */
export function timeLeft(
  notAfter: string,
  now: Date,
): { readonly days: number; readonly hours: number | null } {
  const left = Date.parse(notAfter) - now.getTime();
  const hours = Math.floor(left / HOUR_MS);
  return { days: Math.floor(left / DAY_MS), hours: hours >= 0 && hours < 48 ? hours : null };
}

function hoursText(hours: number): string {
  return hours === 0 ? 'less than an hour' : plural(hours, 'hour');
}

/** `43 days left`, `7 hours left`, `no end`, `expired 3 days ago`: how all faces say it. */
export function leftText(notAfter: string, now: Date): string {
  if (notAfter === NO_END) return 'no end';
  const { days, hours } = timeLeft(notAfter, now);
  if (hours !== null) return `${hoursText(hours)} left`;
  if (days >= 0) return `${plural(days, 'day')} left`;
  const ago = now.getTime() - Date.parse(notAfter);
  return ago < 2 * DAY_MS
    ? `expired ${plural(Math.floor(ago / HOUR_MS), 'hour')} ago`
    : `expired ${plural(Math.floor(ago / DAY_MS), 'day')} ago`;
}

/** `expires in 12 days`, `expired 3 days ago`, `does not expire`. */
export function expiresText(notAfter: string, now: Date): string {
  if (notAfter === NO_END) return 'does not expire';
  const { days, hours } = timeLeft(notAfter, now);
  if (hours !== null) return `expires in ${hoursText(hours)}`;
  return days >= 0 ? `expires in ${plural(days, 'day')}` : leftText(notAfter, now);
}
