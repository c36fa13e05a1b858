import { DAY_MS } from '../text/instant.ts';
import { TRANSITION_SOURCE } from './algorithmFacts.ts';
import { type Agility, agilityOf } from './algorithms.ts';
import type { Life, Lifetime } from './lifetime.ts';
import { issuersAtRisk, ownersAtRisk, type Risks } from './risk.ts';
import { renewalsUntil, type StateOnDay, type StateSeries, stateOn, stateSeries } from './stateOn.ts';
import { type Timeline, timelineOf } from './timeline.ts';

/** All figures of a dashboard. Its size follows from time and `limit`, never from how many identities there are. */
export interface Outlook {
  /** The moment that the figures are of, and the one that they look ahead to; ISO 8601. */
  readonly now: string;
  readonly on: string;
  readonly total: number;
  /** How many of them time matters to in which way. */
  readonly lives: Readonly<Record<Life, number>>;
  /** On the day of `on`, if nobody renews. */
  readonly state: StateOnDay;
  /** What a renewal of each when it is due would be, until `on`. */
  readonly renewals: number;
  readonly series: StateSeries;
  /** So many days hold nearly all ends. */
  readonly horizonDays: number;
  readonly weeks: Timeline;
  readonly months: Timeline;
  readonly agility: Agility & { readonly source: string };
  readonly owners: Risks;
  readonly issuers: Risks;
}

export interface OutlookOptions {
  readonly now: Date;
  readonly on: Date;
  /** At most so many owners and issuers; the others are summed up. */
  readonly limit: number;
}

const SHORTEST_HORIZON = 90;
const LONGEST_HORIZON = 3 * 365;
/** A root that ends in 20 years would leave the next month no room. */
const HORIZON_SHARE = 0.98;

export function outlookOf(lifetimes: readonly Lifetime[], { now, on, limit }: OutlookOptions): Outlook {
  const [from, at] = [now.getTime(), on.getTime()];
  const lives: Record<Life, number> = { dated: 0, endless: 0, unissued: 0, elsewhere: 0, ended: 0 };
  for (const { life } of lifetimes) lives[life] += 1;
  const horizonDays = horizonOf(lifetimes, from);
  return {
    now: now.toISOString(),
    on: on.toISOString(),
    total: lifetimes.length,
    lives,
    state: stateOn(lifetimes, at),
    renewals: renewalsUntil(lifetimes, from, at),
    series: stateSeries(lifetimes, from),
    horizonDays,
    weeks: timelineOf(lifetimes, from, 'week', Math.ceil(horizonDays / 7) + 1),
    months: timelineOf(lifetimes, from, 'month', Math.ceil(horizonDays / 30.4) + 1),
    agility: { ...agilityOf(lifetimes), source: TRANSITION_SOURCE },
    owners: ownersAtRisk(lifetimes, at, limit),
    issuers: issuersAtRisk(lifetimes, at, limit),
  };
}

function horizonOf(lifetimes: readonly Lifetime[], now: number): number {
  const left = lifetimes.filter(({ life, end }) => life === 'dated' && end > now).map(({ end }) => end - now);
  const ends = Float64Array.from(left).sort();
  const nearlyLast = ends[Math.ceil(ends.length * HORIZON_SHARE) - 1] ?? 0;
  return Math.min(LONGEST_HORIZON, Math.max(SHORTEST_HORIZON, Math.ceil(nearlyLast / DAY_MS) + 7));
}
