import { DAY_MS } from './instant.ts';

/** A day of the calendar as `2030-01-31`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Whether a day is over, in UTC. */
export function isDayOver(day: string, now: Date): boolean {
  return now.getTime() >= Date.parse(day) + DAY_MS;
}
