import type { Lifetime } from './lifetime.ts';
import { isDue, isExpired } from './stateOn.ts';

/** What one owner, or one issuer, has to answer for on some day. */
export interface Risk {
  /** Null: nobody is named. */
  readonly name: string | null;
  readonly project: string;
  readonly contact: string | null;
  readonly count: number;
  readonly expired: number;
  readonly due: number;
  /** The next that ends after that day; ISO 8601. */
  readonly nextEnd: string | null;
}

export interface Risks {
  readonly groups: readonly Risk[];
  /** The others, which there was no room for. */
  readonly more: {
    readonly groups: number;
    readonly count: number;
    readonly expired: number;
    readonly due: number;
  } | null;
}

interface Sum {
  readonly name: string | null;
  readonly project: string;
  contact: string | null;
  count: number;
  expired: number;
  due: number;
  next: number;
}

/** By owner across projects: a team is the same team everywhere. */
export function ownersAtRisk(lifetimes: readonly Lifetime[], on: number, limit: number): Risks {
  return risksBy(lifetimes, on, limit, ({ row }) => ({ name: row.owner, project: '' }));
}

/** By the backend that issues, each project's own. */
export function issuersAtRisk(lifetimes: readonly Lifetime[], on: number, limit: number): Risks {
  return risksBy(
    // A login comes from its backend, and is not issued by it.
    lifetimes.filter(({ row }) => row.login === undefined),
    on,
    limit,
    ({ row, project }) => ({ name: row.backend, project }),
  );
}

function risksBy(
  lifetimes: readonly Lifetime[],
  on: number,
  limit: number,
  groupOf: (lifetime: Lifetime) => { readonly name: string | null; readonly project: string },
): Risks {
  const sums = new Map<string, Sum>();
  for (const lifetime of lifetimes) {
    if (lifetime.life === 'ended') continue;
    const { name, project } = groupOf(lifetime);
    const key = `${project}\n${name ?? '\n'}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      sum = {
        name,
        project,
        contact: null,
        count: 0,
        expired: 0,
        due: 0,
        next: Number.POSITIVE_INFINITY,
      };
      sums.set(key, sum);
    }
    sum.count += 1;
    sum.contact ??= lifetime.row.contact;
    if (lifetime.life !== 'dated') continue;
    if (isExpired(lifetime, on)) sum.expired += 1;
    else sum.next = Math.min(sum.next, lifetime.end);
    if (isDue(lifetime, on)) sum.due += 1;
  }
  const ranked = [...sums.values()].sort(worstFirst);
  const rest = ranked.slice(limit);
  const total = (of: 'count' | 'expired' | 'due') => rest.reduce((sum, each) => sum + each[of], 0);
  return {
    groups: ranked.slice(0, limit).map(({ next, ...sum }) => ({
      ...sum,
      nextEnd: Number.isFinite(next) ? new Date(next).toISOString() : null,
    })),
    more:
      rest.length === 0
        ? null
        : { groups: rest.length, count: total('count'), expired: total('expired'), due: total('due') },
  };
}

/** Most at risk first; what nobody answers for before what somebody does. */
function worstFirst(a: Sum, b: Sum): number {
  return (
    b.expired + b.due - (a.expired + a.due) ||
    Number(b.name === null) - Number(a.name === null) ||
    b.count - a.count ||
    ((a.name ?? '') < (b.name ?? '') ? -1 : 1)
  );
}
