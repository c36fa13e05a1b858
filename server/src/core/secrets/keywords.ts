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
  const { table, endsFrom, outputs } = automatonOf(trieOf(words, classes), count);
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

/** Words that share their beginnings share states; state 0 is the root. A state's children are a list: by the next one beside it. */
interface Trie {
  readonly states: number;
  readonly firstChild: Int32Array;
  readonly beside: Int32Array;
  /** The class that leads into a state. */
  readonly by: Uint8Array;
  /** Which words end in a state; undefined: none. */
  readonly ends: (readonly number[] | undefined)[];
}

function trieOf(words: readonly (readonly number[])[], classes: Uint8Array): Trie {
  const most = words.reduce((sum, word) => sum + word.length, 1);
  const trie = {
    states: 1,
    firstChild: new Int32Array(most),
    beside: new Int32Array(most),
    by: new Uint8Array(most),
    ends: new Array<readonly number[] | undefined>(most).fill(undefined),
  };
  words.forEach((word, keyword) => {
    let state = 0;
    for (const octet of word) {
      const by = classes[octet] as number;
      let child = childBy(trie, state, by);
      if (child === 0) {
        child = trie.states;
        trie.states += 1;
        trie.by[child] = by;
        trie.beside[child] = trie.firstChild[state] as number;
        trie.firstChild[state] = child;
      }
      state = child;
    }
    trie.ends[state] = [...(trie.ends[state] ?? []), keyword];
  });
  return trie;
}

/** 0: there is none. */
function childBy({ firstChild, beside, by }: Trie, state: number, wanted: number): number {
  let child = firstChild[state] as number;
  while (child !== 0 && by[child] !== wanted) child = beside[child] as number;
  return child;
}

interface Automaton {
  /** The successor of each state by each class; a state's number is the place of its row. */
  readonly table: Uint32Array;
  /** States in which words end have the largest numbers, so that one comparison tells. */
  readonly endsFrom: number;
  readonly outputs: ReadonlyMap<number, readonly number[]>;
}

/**
 * Every state has a successor for each class: where the word does not go on, that of its longest end that begins a word. It
 * is made at each start of the program, so that a row is a copy of that end's row, with the state's own children written over.
 */
function automatonOf(trie: Trie, count: number): Automaton {
  const { states, firstChild, beside, by, ends } = trie;
  // By depth, so that the longest end of a state, which is shorter, is known before it, and those that are met most lie together.
  const order = new Int32Array(states);
  const fallback = new Int32Array(states);
  let known = 1;
  for (let place = 0; place < known; place += 1) {
    const state = order[place] as number;
    for (let child = firstChild[state] as number; child !== 0; child = beside[child] as number) {
      const end = state === 0 ? 0 : longestEnd(trie, fallback, state, by[child] as number);
      fallback[child] = end;
      const [own, inherited] = [ends[child], ends[end]];
      if (inherited !== undefined) ends[child] = own === undefined ? inherited : [...own, ...inherited];
      order[known] = child;
      known += 1;
    }
  }
  const rows = new Uint32Array(states);
  const outputs = new Map<number, readonly number[]>();
  let row = 0;
  for (const state of order) {
    if (ends[state] !== undefined) continue;
    rows[state] = row;
    row += count;
  }
  const endsFrom = row;
  for (const state of order) {
    const words = ends[state];
    if (words === undefined) continue;
    rows[state] = row;
    outputs.set(
      row,
      words.toSorted((a, b) => a - b),
    );
    row += count;
  }
  const table = new Uint32Array(row);
  for (const state of order) {
    const at = rows[state] as number;
    if (state !== 0) {
      const from = rows[fallback[state] as number] as number;
      table.copyWithin(at, from, from + count);
    }
    for (let child = firstChild[state] as number; child !== 0; child = beside[child] as number)
      table[at + (by[child] as number)] = rows[child] as number;
  }
  return { table, endsFrom, outputs };
}

/** Of the word that leads to the child of `state` by this class: the state of its longest end that begins a word. */
function longestEnd(trie: Trie, fallback: Int32Array, state: number, by: number): number {
  for (let end = fallback[state] as number; ; end = fallback[end] as number) {
    const child = childBy(trie, end, by);
    if (child !== 0 || end === 0) return child;
  }
}
