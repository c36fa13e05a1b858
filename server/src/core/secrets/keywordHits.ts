/** Where keywords stand in a text, in the order in which a search tells of them: by their ends. */
import type { Detection, Detector } from './detector.ts';

/** A keyword in the text. */
export interface Hit {
  readonly keyword: number;
  readonly word: string;
  readonly detector: Detector;
  at: number;
  /** Whether what follows can be a secret; undefined: not known for the text as it is. */
  follows: boolean | undefined;
  /** From `at`; undefined: not asked since something changed that the detector sees. */
  found: readonly Detection[] | undefined;
}

export function endOf({ at, word }: Hit): number {
  return at + word.length;
}

/** The first of those that end behind this place. */
export function firstBehind(hits: readonly Hit[], place: number): number {
  let low = 0;
  let high = hits.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endOf(hits[middle] as Hit) <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The order in which the search tells of them. */
export function byEnd(one: Hit, other: Hit): number {
  return endOf(one) - endOf(other) || one.keyword - other.keyword;
}

export function merged(some: readonly Hit[], others: readonly Hit[]): Hit[] {
  const all: Hit[] = [];
  let place = 0;
  for (const hit of some) {
    for (let other = others[place]; other !== undefined && byEnd(other, hit) < 0; other = others[place]) {
      all.push(other);
      place += 1;
    }
    all.push(hit);
  }
  for (; place < others.length; place += 1) all.push(others[place] as Hit);
  return all;
}
