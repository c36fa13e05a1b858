const LONGEST_COMPARED = 64;

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ .]/g, '');

/** The candidates that are likely meant by `text`, likeliest first. Case, hyphens and spaces hardly count. */
export function nearest(text: string, candidates: Iterable<string>): readonly string[] {
  if (text.length === 0 || text.length > LONGEST_COMPARED) return [];
  const wanted = plain(text);
  // Of equals, the one that is written most alike comes first, then the one that was given first.
  const close: { readonly candidate: string; readonly cost: number }[] = [];
  for (const candidate of candidates) {
    if (candidate.length > LONGEST_COMPARED || candidate === text) continue;
    const other = plain(candidate);
    const cost = distance(wanted, other);
    const allowed = Math.max(1, Math.floor(Math.min(wanted.length, other.length) / 3));
    const isPlural = wanted.length >= 3 && (other === `${wanted}s` || wanted === `${other}s`);
    if (cost <= allowed || isPlural)
      close.push({ candidate, cost: cost + distance(text.toLowerCase(), candidate.toLowerCase()) / 100 });
  }
  return close.sort((a, b) => a.cost - b.cost).map(({ candidate }) => candidate);
}
