import type { Severity } from '../finding.ts';
import type { RuleMeta } from '../rules/rule.ts';
import type { Detection, Detector } from './detector.ts';

/** What was found in one file so far. No two of them share octets, so each question is a search by halves. */
export interface FoundSecrets {
  /** By place. */
  readonly all: readonly Detection[];
  /** How much what holds the octet at this place weighs. */
  weightAt(place: number): number | undefined;
  /** Of those that share octets the heavier counts, and of equals the first. Whether it is kept. */
  note(one: Detection, weight: number): boolean;
}

const SEVERITIES: Readonly<Record<Severity, number>> = { info: 0, warning: 2, error: 4 };

/** What is more severe weighs more, and of these what does not go by a name alone. */
export function weightOf({ isVague }: Pick<Detector, 'isVague'>, rules: readonly RuleMeta[]): number {
  return Math.max(...rules.map(({ severity }) => SEVERITIES[severity])) + (isVague ? 0 : 1);
}

export function foundSecrets(): FoundSecrets {
  const all: Detection[] = [];
  const weights: number[] = [];
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
    weightAt(place) {
      const last = countBefore(place + 1) - 1;
      const one = all[last];
      return one !== undefined && place < one.end ? weights[last] : undefined;
    },
    note(one, weight) {
      let first = countBefore(one.start);
      if ((all[first - 1]?.end ?? 0) > one.start) first -= 1;
      const count = countBefore(one.end) - first;
      if (weights.slice(first, first + count).some((each) => each >= weight)) return false;
      all.splice(first, count, one);
      weights.splice(first, count, weight);
      return true;
    },
  };
}
