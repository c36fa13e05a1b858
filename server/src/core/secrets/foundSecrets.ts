import type { Severity } from '../finding.ts';
import type { Detection } from './detector.ts';

/** What was found in one file so far. No two of them share octets, so each question is a search by halves. */
export interface FoundSecrets {
  /** By place. */
  readonly all: readonly Detection[];
  /** What holds the octet at this place. */
  at(place: number): Detection | undefined;
  /** Of those that share octets the more severe counts, and of equals the first. */
  note(one: Detection): void;
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

export function isAsSevere(one: Severity, other: Severity): boolean {
  return RANK[one] >= RANK[other];
}

export function foundSecrets(): FoundSecrets {
  const all: Detection[] = [];
  /** How many of them begin before this place. */
  const countBefore = (place: number): number => {
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((all[middle]?.start ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    all,
    at(place) {
      const last = all[countBefore(place + 1) - 1];
      return last !== undefined && place < last.end ? last : undefined;
    },
    note(one) {
      let first = countBefore(one.start);
      if ((all[first - 1]?.end ?? 0) > one.start) first -= 1;
      const end = countBefore(one.end);
      const shared = all.slice(first, end);
      if (shared.some(({ rule }) => isAsSevere(rule.severity, one.rule.severity))) return;
      all.splice(first, shared.length, one);
    },
  };
}
