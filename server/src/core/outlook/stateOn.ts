import { DAY_MS } from '../text/instant.ts';
import type { Lifetime } from './lifetime.ts';

/** How far a credential is from its end on some day, if nobody renews it. */
export type Span = 'expired' | 'within7Days' | 'within30Days' | 'within90Days' | 'later';

/** Whole days left, counted as everywhere: rounded down. What ends at this very moment has ended. */
function daysLeft(end: number, on: number): number {
  return end <= on ? -1 : Math.floor((end - on) / DAY_MS);
}

function spanOf(days: number): Span {
  if (days < 0) return 'expired';
  if (days <= 7) return 'within7Days';
  if (days <= 30) return 'within30Days';
  return days <= 90 ? 'within90Days' : 'later';
}

export interface StateOnDay extends Readonly<Record<Span, number>> {
  /** Still valid, and its renewal should have been made. */
  readonly due: number;
}

/** Where everything stands at a moment, if nobody renews anything until then. */
export function stateOn(lifetimes: readonly Lifetime[], on: number): StateOnDay {
  const state = { expired: 0, within7Days: 0, within30Days: 0, within90Days: 0, later: 0, due: 0 };
  for (const { life, end, due } of lifetimes) {
    if (life !== 'dated') continue;
    state[spanOf(daysLeft(end, on))] += 1;
    if (isDue({ end, due }, on)) state.due += 1;
  }
  return state;
}

export function isExpired({ end }: Pick<Lifetime, 'end'>, on: number): boolean {
  return end <= on;
}

export function isDue({ end, due }: Pick<Lifetime, 'end' | 'due'>, on: number): boolean {
  return due <= on && end > on;
}

/**
 * `stateOn` of every day from `now` on, in columns: the state of day `days[i]` holds until the day before `days[i + 1]`.
 * Whoever has these needs to ask nothing more to show any later day.
 */
export interface StateSeries {
  readonly days: readonly number[];
  readonly expired: readonly number[];
  readonly within7Days: readonly number[];
  readonly within30Days: readonly number[];
  readonly within90Days: readonly number[];
  readonly later: readonly number[];
  readonly due: readonly number[];
}

export function stateSeries(lifetimes: readonly Lifetime[], now: number): StateSeries {
  const enters = new Map<number, Record<Span | 'due', number>>();
  const change = (day: number, from: Span | 'due' | undefined, to: Span | 'due' | undefined): void => {
    const at = Math.max(0, day);
    let deltas = enters.get(at);
    if (deltas === undefined) {
      deltas = { expired: 0, within7Days: 0, within30Days: 0, within90Days: 0, later: 0, due: 0 };
      enters.set(at, deltas);
    }
    if (from !== undefined) deltas[from] -= 1;
    if (to !== undefined) deltas[to] += 1;
  };
  for (const { life, end, due } of lifetimes) {
    if (life !== 'dated') continue;
    // Of the days from now on: on `left - n` it is within n days of its end, on `over` it has ended.
    const left = Math.floor((end - now) / DAY_MS);
    const over = Math.ceil((end - now) / DAY_MS);
    change(0, undefined, 'later');
    change(left - 90, 'later', 'within90Days');
    change(left - 30, 'within90Days', 'within30Days');
    change(left - 7, 'within30Days', 'within7Days');
    change(over, 'within7Days', 'expired');
    const dueFrom = Math.max(0, Math.ceil((due - now) / DAY_MS));
    if (dueFrom < over) {
      change(dueFrom, undefined, 'due');
      change(over, 'due', undefined);
    }
  }
  return columns(enters);
}

function columns(enters: ReadonlyMap<number, Record<Span | 'due', number>>): StateSeries {
  const days = [...new Set([0, ...enters.keys()])].sort((a, b) => a - b);
  const column = (name: Span | 'due'): readonly number[] => {
    let sum = 0;
    return days.map((day) => {
      sum += enters.get(day)?.[name] ?? 0;
      return sum;
    });
  };
  return {
    days,
    expired: column('expired'),
    within7Days: column('within7Days'),
    within30Days: column('within30Days'),
    within90Days: column('within90Days'),
    later: column('later'),
    due: column('due'),
  };
}

/**
 * How often something is renewed from now until then, if each is renewed when its renewal is due, for as long as its present
 * credential lives, again and again.
 */
export function renewalsUntil(lifetimes: readonly Lifetime[], now: number, on: number): number {
  let count = 0;
  for (const { life, begin, end, due } of lifetimes) {
    if (life !== 'dated' || due >= end || end <= now) continue;
    const first = Math.max(due, now);
    if (first > on) continue;
    const every = Math.max(DAY_MS, due - begin);
    count += 1 + Math.floor((on - first) / every);
  }
  return count;
}
