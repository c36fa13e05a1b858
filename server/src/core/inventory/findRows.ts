import type { Verb } from '../lifecycle/plan.ts';
import { parseFilter } from './filter.ts';
import type { PlacedRow } from './placedRow.ts';

/**
 * Rows for somebody who types: those of exactly this name first, then those whose name begins so, then whatever else
 * matches; each nearest end first. `verb`: only those for which it can be done now; without it, no logins.
 */
export function findRows(
  rows: readonly PlacedRow[],
  query: string,
  verb: Verb | undefined,
  limit: number,
): { readonly rows: readonly PlacedRow[]; readonly more: boolean } {
  const matches = parseFilter(query);
  const name = query.trim().toLowerCase();
  const exact: PlacedRow[] = [];
  const starting: PlacedRow[] = [];
  const other: PlacedRow[] = [];
  let count = 0;
  for (const placed of rows) {
    const { row } = placed;
    if (verb === undefined ? row.login !== undefined : !row.verbs.includes(verb)) continue;
    if (matches?.(row) === false) continue;
    count += 1;
    // Without a query the first ones are the answer.
    if (matches === undefined && count > limit) break;
    const rank = row.name === name ? exact : row.name.startsWith(name) ? starting : other;
    if (rank.length < limit) rank.push(placed);
  }
  return { rows: [...exact, ...starting, ...other].slice(0, limit), more: count > limit };
}
