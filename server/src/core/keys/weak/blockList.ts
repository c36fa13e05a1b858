/** Block lists of compromised keys in badkeys' format: sorted entries of 120 bits and the number of the list that has it. */
import { keyBlocklisted } from '../../credential/findings/keyBlocklisted.ts';
import { quotable } from '../../text/quote.ts';
import { HASH_OCTETS } from './blockHash.ts';
import type { KeyProblem } from './check.ts';

export const ENTRY_OCTETS = 16;

/** Answers which list has the key; undefined: none. `entryAt` reads one entry. */
export function searchBlockList(
  count: number,
  entryAt: (index: number) => Uint8Array,
  hash: Uint8Array,
): number | undefined {
  let [first, last] = [0, count - 1];
  while (first <= last) {
    const middle = (first + last) >> 1;
    const entry = entryAt(middle);
    const order = compare(hash, entry);
    if (order === 0) return entry[HASH_OCTETS];
    if (order > 0) first = middle + 1;
    else last = middle - 1;
  }
  return undefined;
}

function compare(hash: Uint8Array, entry: Uint8Array): number {
  for (let at = 0; at < HASH_OCTETS; at++) {
    const difference = (hash[at] ?? 0) - (entry[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Names of the lists by their numbers, from badkeysdata.json; undefined: it is in no format that is known here. */
export function readListNames(json: string): ReadonlyMap<number, string> | undefined {
  const data = parsed(json) as
    | { readonly bkformat?: unknown; readonly blocklists?: unknown }
    | null
    | undefined;
  if (data?.bkformat !== 0 || !Array.isArray(data.blocklists)) return undefined;
  return new Map(
    data.blocklists.flatMap((each: { readonly id?: unknown; readonly name?: unknown } | null) =>
      each !== null && typeof each.name === 'string' ? [[Number(each.id), each.name] as const] : [],
    ),
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

export function blocklisted(list: number, names: ReadonlyMap<number, string>): KeyProblem {
  const name = quotable(names.get(list));
  const which = name === undefined ? `its list ${list}` : `its list ${name}`;
  return {
    rule: keyBlocklisted,
    message: `the private key is known to others: the block list has it in ${which}`,
  };
}
