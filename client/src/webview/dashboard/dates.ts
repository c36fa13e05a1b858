/** Days as the page says them: in the editor's language, in UTC like everywhere in the product. */
const DAY_MS = 86_400_000;

const language = document.documentElement.lang;
const long = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
const medium = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
const short = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const month = new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: 'UTC' });
const moment = new Intl.DateTimeFormat(language, {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

export const longDay = (at: Date): string => long.format(at);
export const mediumDay = (at: Date): string => medium.format(at);
export const shortDay = (at: Date): string => short.format(at);
export const monthOf = (at: Date): string => month.format(at);
/** With the zone, since it is nobody's own. */
export const momentOf = (at: Date): string => `${moment.format(at)} UTC`;

export function daysAfter(from: string, days: number): Date {
  return new Date(Date.parse(from) + days * DAY_MS);
}

/** As a date field has it. */
export function dayText(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** How many days lie between them, by the calendar. */
export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(until.slice(0, 10)) - Date.parse(from.slice(0, 10))) / DAY_MS);
}
