import type { HttpResponse } from '../transport.ts';

/** Longer than this nobody sits and waits: the caller is told instead. */
const LONGEST_SECONDS = 15;

/** How many seconds a busy server asks to wait before the same call; undefined when it asks for none, or for too many. */
export function retryAfterSeconds(response: HttpResponse): number | undefined {
  const seconds = askedToWait(response);
  return seconds === undefined || seconds > LONGEST_SECONDS ? undefined : seconds;
}

/**
 * RFC 9110, 10.2.3: a number of seconds or a date, which counts from the answer's own `Date`, so that no clock of ours is
 * in it. A call that is answered so was not carried out.
 */
export function askedToWait({ status, headers }: HttpResponse): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined || (status !== 429 && status !== 503)) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const seconds = (Date.parse(text) - Date.parse(headers['date'] ?? '')) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
