import { DAY_MS } from '../text/instant.ts';
import type { Lifetime } from './lifetime.ts';
import { isExpired } from './stateOn.ts';

export type TimelineUnit = 'week' | 'month';

export interface Timeline {
  /** Ended already, and not renewed. */
  readonly overdue: number;
  /** Each from its first day (UTC) on, without gaps; the first holds what is left of the present one. */
  readonly buckets: readonly { readonly from: string; readonly ends: number }[];
  /** End after the last bucket. */
  readonly later: number;
}

/** How many credentials end in each calendar week (from Monday) or month, if nobody renews. */
export function timelineOf(
  lifetimes: readonly Lifetime[],
  now: number,
  unit: TimelineUnit,
  length: number,
): Timeline {
  const starts = startsOf(now, unit, length + 1);
  const ends = new Array<number>(length).fill(0);
  let overdue = 0;
  let later = 0;
  const last = starts[length] ?? Number.POSITIVE_INFINITY;
  for (const lifetime of lifetimes) {
    if (lifetime.life !== 'dated') continue;
    if (isExpired(lifetime, now)) overdue += 1;
    else if (lifetime.end >= last) later += 1;
    else {
      const place = placeOf(lifetime.end, starts, unit);
      ends[place] = (ends[place] ?? 0) + 1;
    }
  }
  return {
    overdue,
    buckets: ends.map((count, place) => ({
      from: new Date(starts[place] ?? 0).toISOString().slice(0, 10),
      ends: count,
    })),
    later,
  };
}

function startsOf(now: number, unit: TimelineUnit, count: number): readonly number[] {
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  const at = new Date(day);
  // 1970 began with a Thursday.
  const monday = day - ((day / DAY_MS + 3) % 7) * DAY_MS;
  return Array.from({ length: count }, (_, place) =>
    unit === 'week'
      ? monday + place * 7 * DAY_MS
      : Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + place, 1),
  );
}

function placeOf(end: number, starts: readonly number[], unit: TimelineUnit): number {
  const first = starts[0] ?? 0;
  if (unit === 'week') return Math.floor((end - first) / (7 * DAY_MS));
  const [from, to] = [new Date(first), new Date(end)];
  return (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
}
