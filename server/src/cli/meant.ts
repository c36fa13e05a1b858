import { nearest } from '../core/text/nearest.ts';

/** What was probably meant: the candidate that the text begins, or the one that is most like it. */
export function meant(typed: string, candidates: Iterable<string>): string | undefined {
  const all = [...candidates];
  const begun = typed.length > 1 ? all.find((candidate) => candidate.startsWith(typed)) : undefined;
  return begun ?? nearest(typed, all)[0];
}
