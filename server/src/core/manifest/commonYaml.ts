/**
 * A reader for the YAML that manifests are nearly always written in: block maps and lists, scalars on one line, brackets
 * and braces. It is many times faster than the YAML library, and gives up at everything else and at every mistake: then
 * the library reads the text and says what is wrong. What it does read, the library reads alike (`commonYaml.test.ts`).
 */
import type { JsonValue } from './path.ts';
import type { Tree, TreeEntry, TreeNode } from './tree.ts';

/** Deeper nesting is left to the library, which counts it. */
const DEPTH = 24;
/** YAML 1.2.2, 7.4: a key is found within so many characters. */
const LONGEST_KEY = 1024;
/** From so many entries on, a set tells duplicate keys. */
const MANY_KEYS = 12;

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const HASH = 0x23;
const SINGLE_QUOTE = 0x27;
const COMMA = 0x2c;
const DASH = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

const NO_ENTRIES: readonly TreeEntry[] = [];
const NO_ITEMS: readonly TreeNode[] = [];

/** Thrown inside this file alone; one value, so that no stack is taken. */
const GIVE_UP = Symbol('the YAML library has to read this');

interface Read {
  readonly root: TreeNode;
  readonly value: JsonValue;
}

/** Undefined: it is left to the library. */
export function readCommonYaml(text: string): Tree | undefined {
  if (text.includes('\t') || text.includes('\uFEFF')) return undefined;
  if (text.includes('\r') && /\r(?!\n)/.test(text)) return undefined;
  try {
    return reader(text)();
  } catch (error) {
    if (error === GIVE_UP) return undefined;
    throw error;
  }
}

function giveUp(): never {
  throw GIVE_UP;
}

function reader(text: string): () => Tree {
  /** Where reading goes on. Between lines: the first character of the next line that holds something. */
  let at = 0;
  /** Column of that character; -1 at the end of the text. */
  let indent = -1;

  const code = (offset: number): number => (offset < text.length ? text.charCodeAt(offset) : LINE_FEED);
  const endsLine = (offset: number): boolean => {
    const c = code(offset);
    return c === LINE_FEED || c === RETURN;
  };
  const pastSpaces = (offset: number): number => {
    let past = offset;
    while (code(past) === SPACE) past += 1;
    return past;
  };
  const lineAfter = (offset: number): number => {
    const end = text.indexOf('\n', offset);
    return end === -1 ? text.length : end + 1;
  };

  /** Moves to the next line with content; `from` is where a line starts. */
  const nextLine = (from: number): void => {
    let start = from;
    while (start < text.length) {
      const first = pastSpaces(start);
      const c = code(first);
      if (c !== HASH && c !== LINE_FEED && c !== RETURN) {
        at = first;
        indent = first - start;
        if (indent === 0 && isMarker(first)) giveUp();
        return;
      }
      start = lineAfter(first);
    }
    at = text.length;
    indent = -1;
  };
  /** The rest of a line is blank or a comment. */
  const endLine = (from: number): void => {
    const rest = pastSpaces(from);
    if (!endsLine(rest) && !(code(rest) === HASH && rest > from)) giveUp();
    nextLine(lineAfter(rest));
  };
  const isMarker = (offset: number): boolean => {
    const c = code(offset);
    return (c === DASH || c === DOT) && (text.startsWith('---', offset) || text.startsWith('...', offset));
  };

  const leaf = (value: JsonValue, start: number, end: number): Read => ({
    value,
    root: { kind: 'scalar', start, end, flow: false, entries: NO_ENTRIES, items: NO_ITEMS },
  });

  /** Past the closing quote. */
  const quotedEnd = (start: number): number => {
    const quote = text.charCodeAt(start);
    for (let end = start + 1; ; end += 1) {
      const c = code(end);
      if (c === LINE_FEED || c === RETURN) giveUp();
      if (c === quote) return end + 1;
      if (c === 0x5c && quote === DOUBLE_QUOTE) end += 1;
    }
  };
  const quotedText = (start: number, end: number): string => {
    const inner = text.slice(start + 1, end - 1);
    if (text.charCodeAt(start) === SINGLE_QUOTE) return code(end) === SINGLE_QUOTE ? giveUp() : inner;
    if (!inner.includes('\\')) return inner;
    try {
      // The escapes of JSON mean the same in YAML; it has others besides.
      return JSON.parse(text.slice(start, end)) as string;
    } catch {
      return giveUp();
    }
  };

  /** Whether a plain scalar can start with what stands there. */
  const startsPlain = (offset: number): boolean => {
    const c = code(offset);
    return isWordPart(c === DASH ? code(offset + 1) : c);
  };

  /** End of the key that stands at `start`, which a colon follows; -1: what stands there is no key. */
  const keyEnd = (start: number): number => {
    const first = code(start);
    if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE) {
      const end = quotedEnd(start);
      return code(end) === COLON && (code(end + 1) === SPACE || endsLine(end + 1)) ? end : -1;
    }
    if (!startsPlain(start)) return -1;
    for (let end = start + 1; ; end += 1) {
      const c = code(end);
      if (c === LINE_FEED || c === RETURN) return -1;
      if (c === HASH && code(end - 1) === SPACE) return -1;
      if (c === COLON && (code(end + 1) === SPACE || endsLine(end + 1)))
        return code(end - 1) === SPACE ? giveUp() : end;
    }
  };
  const keyText = (start: number, end: number): string => {
    if (end - start > LONGEST_KEY) giveUp();
    const first = code(start);
    const key =
      first === DOUBLE_QUOTE || first === SINGLE_QUOTE ? quotedText(start, end) : text.slice(start, end);
    return key === '<<' || key === '__proto__' ? giveUp() : key;
  };

  /** A value that ends on its line, or in brackets. Leaves `at` behind it. `outer`: column that its lines must be right of. */
  const inline = (start: number, outer: number, depth: number): Read => {
    const c = code(start);
    if (c === OPEN_MAP) return flowMap(start, outer, depth);
    if (c === OPEN_LIST) return flowList(start, outer, depth);
    if (c === DOUBLE_QUOTE || c === SINGLE_QUOTE) {
      const end = quotedEnd(start);
      at = end;
      return leaf(quotedText(start, end), start, end);
    }
    if (!startsPlain(start)) giveUp();
    let last = start;
    for (let end = start + 1; ; end += 1) {
      const here = code(end);
      if (here === SPACE) continue;
      if (here === LINE_FEED || here === RETURN) break;
      if (here === HASH && code(end - 1) === SPACE) break;
      if (here === COLON && (code(end + 1) === SPACE || endsLine(end + 1))) giveUp();
      last = end;
    }
    at = last + 1;
    return leaf(plainValue(text.slice(start, at)), start, at);
  };

  /** A value of which nothing stands on the line of its key or dash: what the lines below hold, or nothing. */
  const below = (start: number, outer: number, depth: number, listMayStandAt: number): Read => {
    const empty = pastSpaces(start);
    endLine(start);
    if (indent > outer) return isItem(at) ? blockList(indent, depth + 1) : blockMap(indent, depth + 1);
    if (indent === listMayStandAt && isItem(at)) return blockList(indent, depth + 1);
    return leaf(null, empty, empty);
  };
  const isItem = (offset: number): boolean =>
    code(offset) === DASH && (code(offset + 1) === SPACE || endsLine(offset + 1));

  const blockMap = (column: number, depth: number): Read => {
    if (depth > DEPTH) giveUp();
    const start = at;
    const entries: TreeEntry[] = [];
    const value: Record<string, JsonValue> = {};
    let end = start;
    do {
      const keyStart = at;
      const stop = keyEnd(keyStart);
      if (stop === -1) giveUp();
      const key = keyText(keyStart, stop);
      const from = pastSpaces(stop + 1);
      const read =
        endsLine(from) || code(from) === HASH
          ? below(stop + 1, column, depth, column)
          : onLine(from, column, depth);
      entries.push({ key, keyStart, keyEnd: stop, value: read.root });
      value[key] = read.value;
      end = read.root.end;
    } while (indent === column);
    if (indent > column) giveUp();
    allDifferent(entries);
    return { value, root: { kind: 'map', start, end, flow: false, entries, items: NO_ITEMS } };
  };

  const blockList = (column: number, depth: number): Read => {
    if (depth > DEPTH) giveUp();
    const start = at;
    const items: TreeNode[] = [];
    const values: JsonValue[] = [];
    let end = start;
    do {
      if (!isItem(at)) break;
      const from = pastSpaces(at + 1);
      const read =
        endsLine(from) || code(from) === HASH ? below(at + 1, column, depth, -2) : item(from, column, depth);
      items.push(read.root);
      values.push(read.value);
      end = read.root.end;
    } while (indent === column);
    if (indent > column) giveUp();
    return { value: values, root: { kind: 'list', start, end, flow: false, entries: NO_ENTRIES, items } };
  };
  /** What stands behind a dash: a map that begins on its line, or a value. */
  const item = (from: number, column: number, depth: number): Read => {
    const c = code(from);
    if (c === OPEN_MAP || c === OPEN_LIST || keyEnd(from) === -1) return onLine(from, column + 1, depth);
    const inner = column + (from - at);
    at = from;
    return blockMap(inner, depth + 1);
  };
  /** A value that starts on the line of its key or dash; the next line belongs to what is around it. */
  const onLine = (from: number, outer: number, depth: number): Read => {
    const read = inline(from, outer, depth);
    endLine(at);
    if (indent > outer) giveUp();
    return read;
  };

  /** Past spaces and line ends between brackets. */
  const inBrackets = (from: number, outer: number): number => {
    let past = pastSpaces(from);
    while (past < text.length && endsLine(past)) {
      const line = lineAfter(past);
      past = pastSpaces(line);
      if (endsLine(past)) continue;
      if (past - line <= outer || (past === line && isMarker(past))) giveUp();
    }
    return past < text.length && code(past) !== HASH ? past : giveUp();
  };
  const flowScalar = (start: number): Read => {
    const c = code(start);
    if (c === DOUBLE_QUOTE || c === SINGLE_QUOTE) {
      at = quotedEnd(start);
      return leaf(quotedText(start, at), start, at);
    }
    if (!startsPlain(start)) giveUp();
    let last = start;
    for (let end = start + 1; ; end += 1) {
      const here = code(end);
      if (here === SPACE) continue;
      if (here === COMMA || here === CLOSE_LIST || here === CLOSE_MAP) break;
      if (here === LINE_FEED || here === RETURN) break;
      if (here === OPEN_LIST || here === OPEN_MAP) giveUp();
      if (here === HASH && code(end - 1) === SPACE) giveUp();
      if (here === COLON && endsFlowKey(end)) giveUp();
      last = end;
    }
    at = last + 1;
    return leaf(plainValue(text.slice(start, at)), start, at);
  };
  /** A colon that parts key and value, not one inside a word. */
  const endsFlowKey = (offset: number): boolean => {
    const c = code(offset + 1);
    return (
      c === SPACE ||
      c === COMMA ||
      c === CLOSE_LIST ||
      c === CLOSE_MAP ||
      c === OPEN_LIST ||
      c === OPEN_MAP ||
      endsLine(offset + 1)
    );
  };
  const flowValue = (start: number, outer: number, depth: number): Read => {
    const c = code(start);
    if (c === OPEN_MAP) return flowMap(start, outer, depth);
    if (c === OPEN_LIST) return flowList(start, outer, depth);
    return flowScalar(start);
  };
  /** At a comma: the start of the next item. At the closing bracket: -1, and `at` is behind it. */
  const nextItem = (outer: number, close: number): number => {
    const here = inBrackets(at, outer);
    if (code(here) === close) {
      at = here + 1;
      return -1;
    }
    if (code(here) !== COMMA) giveUp();
    return inBrackets(here + 1, outer);
  };

  const flowList = (start: number, outer: number, depth: number): Read => {
    if (depth > DEPTH) giveUp();
    const items: TreeNode[] = [];
    const values: JsonValue[] = [];
    let next = inBrackets(start + 1, outer);
    if (code(next) === CLOSE_LIST) {
      at = next + 1;
      next = -1;
    }
    while (next !== -1) {
      const read = flowValue(next, outer, depth + 1);
      items.push(read.root);
      values.push(read.value);
      // A quoted key would make it a pair.
      if (code(pastSpaces(at)) === COLON) giveUp();
      next = nextItem(outer, CLOSE_LIST);
    }
    return { value: values, root: { kind: 'list', start, end: at, flow: true, entries: NO_ENTRIES, items } };
  };

  const flowMap = (start: number, outer: number, depth: number): Read => {
    if (depth > DEPTH) giveUp();
    const entries: TreeEntry[] = [];
    const value: Record<string, JsonValue> = {};
    let next = inBrackets(start + 1, outer);
    if (code(next) === CLOSE_MAP) {
      at = next + 1;
      next = -1;
    }
    while (next !== -1) {
      const stop = flowKeyEnd(next);
      const key = keyText(next, stop);
      const read = flowValue(inBrackets(stop + 1, outer), outer, depth + 1);
      entries.push({ key, keyStart: next, keyEnd: stop, value: read.root });
      value[key] = read.value;
      next = nextItem(outer, CLOSE_MAP);
    }
    allDifferent(entries);
    return { value, root: { kind: 'map', start, end: at, flow: true, entries, items: NO_ITEMS } };
  };
  const flowKeyEnd = (start: number): number => {
    const c = code(start);
    if (c === DOUBLE_QUOTE || c === SINGLE_QUOTE) {
      const end = quotedEnd(start);
      return code(end) === COLON ? end : giveUp();
    }
    if (!startsPlain(start)) giveUp();
    for (let end = start + 1; ; end += 1) {
      const here = code(end);
      if (here === COLON && endsFlowKey(end)) return code(end - 1) === SPACE ? giveUp() : end;
      if (
        here === LINE_FEED ||
        here === RETURN ||
        here === COMMA ||
        here === CLOSE_LIST ||
        here === CLOSE_MAP ||
        here === OPEN_LIST ||
        here === OPEN_MAP ||
        here === HASH
      )
        giveUp();
    }
  };

  return () => {
    const dashes = /^(?:#[^\n]*\n|[ \r]*\n)*---(?=[ \r\n])/.exec(text)?.[0].length ?? 0;
    endLine0(dashes);
    if (indent === -1) giveUp();
    const c = code(at);
    let read: Read;
    if (c === OPEN_MAP || c === OPEN_LIST) {
      read = inline(at, -1, 0);
      endLine(at);
    } else {
      if (indent !== 0) giveUp();
      read = isItem(at) ? blockList(0, 0) : blockMap(0, 0);
    }
    if (indent !== -1) giveUp();
    return read;
  };

  function endLine0(dashes: number): void {
    if (dashes === 0) nextLine(0);
    else endLine(dashes);
  }
}

/** Letters, digits and what has no meaning in YAML wherever it stands. */
function isWordPart(c: number): boolean {
  return (
    (c >= 0x61 && c <= 0x7a) ||
    (c >= 0x41 && c <= 0x5a) ||
    // Full stop, slash, digits.
    (c >= DOT && c <= 0x39) ||
    // Underscore, plus, tilde.
    c === 0x5f ||
    c === 0x2b ||
    c === 0x7e ||
    (c > 0xa0 && c < 0xd800)
  );
}

function allDifferent(entries: readonly TreeEntry[]): void {
  if (entries.length > MANY_KEYS) {
    if (new Set(entries.map(({ key }) => key)).size !== entries.length) giveUp();
    return;
  }
  for (let one = 1; one < entries.length; one += 1) {
    const key = entries[one]?.key;
    for (let other = 0; other < one; other += 1) if (entries[other]?.key === key) giveUp();
  }
}

const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/** The core schema (YAML 1.2.2, 10.3.2), of which numbers that are no plain integers are left to the library. */
function plainValue(written: string): JsonValue {
  const first = written.charCodeAt(0);
  if ((first >= 0x30 && first <= 0x39) || first === 0x2b || first === DASH || first === DOT) {
    if (/^-?[1-9]\d{0,14}$|^0$/.test(written)) return Number(written);
    return /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/.test(
      written,
    )
      ? giveUp()
      : written;
  }
  if (written.length > 5) return written;
  const word = WORDS.get(written);
  return word === undefined ? written : word;
}
