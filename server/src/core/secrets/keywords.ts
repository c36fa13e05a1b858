/**
 * Finds many short words in one pass over octets (Aho and Corasick 1975): a table of states by classes of octets, so that an
 * octet costs two look-ups. Upper and lower case of ASCII are the same.
 */
export type KeywordSearch = (bytes: Uint8Array, found: (keyword: number, end: number) => void) => void;

const OTHER = 0;

/** `found` is told the place in `keywords` and the offset after the word, in the order of the offsets. */
export function keywordSearch(keywords: readonly string[]): KeywordSearch {
  const words = keywords.map((word) => Array.from(word.toLowerCase(), (sign) => sign.charCodeAt(0)));
  const { classes, count } = classesOf(words);
  const trie = trieOf(words, classes, count);
  const { table, endsFrom, outputs } = numbered(trie, count);
  return (bytes, found) => {
    // Of this call alone: what is found may be searched for what is in it.
    const reached: Reached = { at: 0, state: 0 };
    while (toNextEnd(bytes, reached, classes, table, endsFrom)) {
      const end = reached.at;
      for (const keyword of outputs.get(reached.state) ?? []) found(keyword, end);
    }
  };
}

interface Reached {
  at: number;
  state: number;
}

/** Nearly all of the time of a scan passes here. By itself the engine compiles it once and well. */
function toNextEnd(
  bytes: Uint8Array,
  reached: Reached,
  classes: Uint8Array,
  table: Uint32Array,
  endsFrom: number,
): boolean {
  let { at, state } = reached;
  const { length } = bytes;
  while (at < length) {
    state = table[state + (classes[bytes[at] as number] as number)] as number;
    at += 1;
    if (state < endsFrom) continue;
    reached.at = at;
    reached.state = state;
    return true;
  }
  return false;
}

/** Octets that stand in no word are one class. */
function classesOf(words: readonly (readonly number[])[]): { classes: Uint8Array; count: number } {
  const classes = new Uint8Array(256);
  let count = 1;
  for (const octet of words.flat()) {
    if (octet > 0x7f) throw new Error('keywords are ASCII');
    if (classes[octet] !== OTHER) continue;
    classes[octet] = count;
    const upper = String.fromCharCode(octet).toUpperCase().charCodeAt(0);
    classes[upper] = count;
    count += 1;
  }
  return { classes, count };
}

interface Trie {
  /** The successor of each state by each class, a row a state; the root is 0. */
  readonly next: Int32Array;
  /** Which words end in a state; undefined: none. */
  readonly ends: readonly (readonly number[] | undefined)[];
  /** States by their depth, so that those that are met most lie together. */
  readonly order: Int32Array;
}

/** Every state has a successor for each class: where the word does not go on, that of its longest end that begins a word. */
function trieOf(words: readonly (readonly number[])[], classes: Uint8Array, count: number): Trie {
  const most = words.reduce((sum, word) => sum + word.length, 1);
  const next = new Int32Array(most * count);
  const ends: (readonly number[] | undefined)[] = [undefined];
  let states = 1;
  words.forEach((word, keyword) => {
    let state = 0;
    for (const octet of word) {
      const place = state * count + (classes[octet] ?? OTHER);
      if (next[place] === 0) {
        next[place] = states;
        ends[states] = undefined;
        states += 1;
      }
      state = next[place] ?? 0;
    }
    ends[state] = [...(ends[state] ?? []), keyword];
  });
  const order = new Int32Array(states);
  const fallback = new Int32Array(states);
  let known = 1;
  for (const state of order) {
    const other = (fallback[state] ?? 0) * count;
    for (let by = 0; by < count; by += 1) {
      const child = next[state * count + by] ?? 0;
      const elsewhere = state === 0 ? 0 : (next[other + by] ?? 0);
      if (child === 0) {
        next[state * count + by] = elsewhere;
        continue;
      }
      fallback[child] = elsewhere;
      const [own, inherited] = [ends[child], ends[elsewhere]];
      if (inherited !== undefined) ends[child] = [...new Set([...(own ?? []), ...inherited])];
      order[known] = child;
      known += 1;
    }
  }
  return { next, ends, order };
}

/** States in which words end have the largest numbers, so that one comparison tells. A number is the place of its row. */
function numbered({ next, ends, order }: Trie, count: number) {
  const sorted = [...order.filter((state) => !ends[state]), ...order.filter((state) => ends[state])];
  const rows = new Uint32Array(order.length);
  sorted.forEach((state, place) => {
    rows[state] = place * count;
  });
  const table = new Uint32Array(order.length * count);
  const outputs = new Map<number, readonly number[]>();
  for (const state of sorted) {
    const row = rows[state] ?? 0;
    for (let by = 0; by < count; by += 1) table[row + by] = rows[next[state * count + by] ?? 0] ?? 0;
    const words = ends[state];
    if (words !== undefined)
      outputs.set(
        row,
        words.toSorted((a, b) => a - b),
      );
  }
  return { table, outputs, endsFrom: Math.min(...outputs.keys()) };
}
