import type { Lifetime } from '../outlook/lifetime.ts';

/** When a credential is made anew by itself. Milliseconds since 1970. */
export interface Renewals {
  /** The next one, never in the past. */
  readonly next: number;
  readonly period: number;
  /** How long each lives. */
  readonly life: number;
}

const SHORTEST = 60_000;

/** As its present one was: due after the same time, for the same time. Undefined: it has no end, or was not issued. */
export function renewalsOf({ life, begin, end, due }: Lifetime, now: number): Renewals | undefined {
  if (life !== 'dated' || begin === 0 || end <= begin) return undefined;
  return {
    next: Math.max(due, now),
    period: Math.max(due - begin, SHORTEST),
    life: Math.max(end - begin, SHORTEST),
  };
}

/** The last renewal that is not after the day; undefined where the next one is. */
export function lastRenewalBy({ next, period }: Renewals, day: number): number | undefined {
  return next > day ? undefined : next + Math.floor((day - next) / period) * period;
}

/**
 * The last renewal that is in time: the one made before it has ended by the deadline. After it none with the old algorithm
 * may be made, since it would outlive the deadline.
 */
export function latestInTime({ next, period, life }: Renewals, deadline: number): number | undefined {
  if (next > deadline) return undefined;
  const first = next + Math.max(0, Math.floor((deadline - life - next) / period) + 1) * period;
  return first > deadline ? lastRenewalBy({ next, period, life }, deadline) : first;
}
