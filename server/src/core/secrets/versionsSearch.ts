import type { KeywordSearch } from './keywords.ts';

/** How many octets two contents have in common, at their beginnings and then at their ends. */
export type InCommon = (
  one: Uint8Array,
  other: Uint8Array,
) => { readonly first: number; readonly last: number };

/** Larger contents are looked at and not remembered. */
const LARGEST = 2 * 1024 * 1024;

/** More than there are keywords. A hit is one number, its end before its keyword, so that the order of numbers is theirs. */
const KEYWORDS = 4096;

/**
 * Finds in one version of a file after the other what `search` finds in each: where a content begins and ends like the one
 * before it, keywords stand where they stood, and only what lies between is gone through.
 */
export function versionsSearch(
  search: KeywordSearch,
  lengths: readonly number[],
  inCommon: InCommon,
): KeywordSearch {
  const longest = Math.max(...lengths);
  let before = new Uint8Array(64 * 1024);
  let size = 0;
  let hits: readonly number[] = [];
  return (bytes, found) => {
    const { first, last } = inCommon(before.subarray(0, size), bytes);
    const lastFrom = bytes.length - last;
    const from = Math.max(0, first - longest + 1);
    const between: number[] = [];
    search(bytes.subarray(from, lastFrom + longest - 1), (keyword, ending) => {
      const end = from + ending;
      if (end > first && end - (lengths[keyword] ?? 0) < lastFrom) between.push(end * KEYWORDS + keyword);
    });
    const shift = (bytes.length - size) * KEYWORDS;
    const next: number[] = [];
    const after: number[] = [];
    for (const hit of hits) {
      const moved = hit + shift;
      if (endOf(hit) <= first) next.push(hit);
      else if (endOf(moved) - (lengths[moved % KEYWORDS] ?? 0) >= lastFrom) after.push(moved);
    }
    merge(next, between, after);
    if (bytes.length > LARGEST) [size, hits] = [0, []];
    else {
      if (bytes.length > before.length) before = new Uint8Array(bytes.length * 2);
      before.set(bytes);
      [size, hits] = [bytes.length, next];
    }
    for (const hit of next) found(hit % KEYWORDS, endOf(hit));
  };
}

function endOf(hit: number): number {
  return Math.floor(hit / KEYWORDS);
}

/** In the order in which a search tells of them. */
function merge(into: number[], some: readonly number[], others: readonly number[]): void {
  let place = 0;
  for (const hit of some) {
    for (let other = others[place]; other !== undefined && other < hit; other = others[place]) {
      into.push(other);
      place += 1;
    }
    into.push(hit);
  }
  for (; place < others.length; place += 1) into.push(others[place] as number);
}
