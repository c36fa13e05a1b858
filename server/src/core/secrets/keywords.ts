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
    let state = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      state = table[state + (classes[bytes[at] ?? 0] ?? OTHER)] ?? 0;
      if (state >= endsFrom) for (const keyword of outputs.get(state) ?? []) found(keyword, at + 1);
    }
  };
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

interface State {
  readonly next: (State | undefined)[];
  readonly ends: Set<number>;
}

/** Every state has a successor for each class: where the word does not go on, that of its longest end that begins a word. */
function trieOf(words: readonly (readonly number[])[], classes: Uint8Array, count: number): readonly State[] {
  const root: State = { next: [], ends: new Set() };
  const states = [root];
  words.forEach((word, keyword) => {
    let state = root;
    for (const octet of word) {
      const by = classes[octet] ?? OTHER;
      let next = state.next[by];
      if (next === undefined) {
        next = { next: [], ends: new Set() };
        state.next[by] = next;
        states.push(next);
      }
      state = next;
    }
    state.ends.add(keyword);
  });
  const queue: { readonly state: State; readonly fallback: State }[] = [];
  for (let by = 0; by < count; by += 1) {
    const next = root.next[by];
    if (next === undefined) root.next[by] = root;
    else queue.push({ state: next, fallback: root });
  }
  for (const { state, fallback } of queue) {
    for (const keyword of fallback.ends) state.ends.add(keyword);
    for (let by = 0; by < count; by += 1) {
      const next = state.next[by];
      const other = fallback.next[by] ?? root;
      if (next === undefined) state.next[by] = other;
      else queue.push({ state: next, fallback: other });
    }
  }
  return states;
}

/** States in which words end have the largest numbers, so that one comparison tells. A number is the place of its row. */
function numbered(states: readonly State[], count: number) {
  const order = [
    ...states.filter(({ ends }) => ends.size === 0),
    ...states.filter(({ ends }) => ends.size > 0),
  ];
  const rows = new Map(order.map((state, place) => [state, place * count]));
  const table = new Uint32Array(order.length * count);
  const outputs = new Map<number, readonly number[]>();
  for (const [state, row] of rows) {
    for (let by = 0; by < count; by += 1) table[row + by] = rows.get(state.next[by] ?? state) ?? 0;
    if (state.ends.size > 0)
      outputs.set(
        row,
        [...state.ends].sort((a, b) => a - b),
      );
  }
  return { table, outputs, endsFrom: Math.min(...outputs.keys()) };
}
