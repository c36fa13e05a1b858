/**
 * What a text that is being typed looks like around the cursor. The parser gives up where a text is broken; this reads
 * indentation and brackets line by line, never fails, and takes time in proportion to the text. One YAML document (or
 * JSON, which is YAML's flow style).
 */
import { MANIFEST_LIMITS } from '../manifest/limits.ts';
import type { ManifestPath } from '../manifest/path.ts';
import { contentEnd } from '../text/lineIndex.ts';
import { scanFlow } from './flowOutline.ts';
import { isColon, readToken, skipSpaces, type Token } from './token.ts';

export interface OutlineEntry {
  readonly key: string;
  readonly start: number;
  /** Its value, where that is a text on the key's line. */
  readonly value: string;
}

/** Where the cursor is. Offsets are in the text. */
export interface Spot {
  /**
   * `entry`: a key of the map at `path`. `value`: the value at `path`, on the line of its key or between brackets.
   * `open`: a line on which the value at `path` begins: the first key of a map, an item of a list, a scalar.
   */
  readonly what: 'entry' | 'value' | 'open';
  readonly path: ManifestPath;
  /** What is typed there, quotes included. Empty: both are the cursor. */
  readonly start: number;
  readonly end: number;
  readonly quote: '"' | "'" | undefined;
  readonly flow: boolean;
  /** A colon follows. */
  readonly colon: boolean;
  /** Without quotes. */
  readonly typed: string;
  /** Columns that the start is right of its line's first character. */
  readonly inset: number;
  /** It follows a colon without a space. */
  readonly tight: boolean;
}

export interface Outline {
  readonly spot: Spot | undefined;
  entries(path: ManifestPath): readonly OutlineEntry[];
  /** Scalars in a list. */
  items(path: ManifestPath): readonly string[];
}

/** What both scanners write down. */
export interface Notes {
  readonly cursor: number;
  entry(path: ManifestPath, entry: OutlineEntry): void;
  item(path: ManifestPath, text: string): void;
  spot(spot: Omit<Spot, 'typed' | 'inset' | 'tight'>): void;
}

interface Block {
  readonly kind: 'map' | 'list';
  readonly column: number;
  readonly path: ManifestPath;
  last: string | number;
  /** The value of `last` may begin on a line below. */
  open: boolean;
}

interface Slot {
  readonly depth: number;
  readonly path: ManifestPath;
  /** A key of a map that is open, not the start of a value. */
  readonly isEntry: boolean;
}

export function outline(text: string, cursor: number): Outline {
  const entries = new Map<string, OutlineEntry[]>();
  const items = new Map<string, string[]>();
  const add = <T>(all: Map<string, T[]>, path: ManifestPath, one: T): void => {
    const id = JSON.stringify(path);
    const known = all.get(id);
    if (known === undefined) all.set(id, [one]);
    else known.push(one);
  };
  let spot: Spot | undefined;
  const notes: Notes = {
    cursor,
    entry: (path, entry) => add(entries, path, entry),
    item: (path, item) => add(items, path, item),
    spot: (found) => {
      spot ??= {
        ...found,
        typed: readToken(text, found.start, found.end, '').text,
        inset: insetOf(text, found.start),
        tight: text[found.start - 1] === ':',
      };
    },
  };
  scanBlock(text, notes);
  return {
    spot,
    entries: (path) => entries.get(JSON.stringify(path)) ?? [],
    items: (path) => items.get(JSON.stringify(path)) ?? [],
  };
}

/** The text of a field on the line of its key; undefined where none is written. */
export function written(seen: Outline, path: ManifestPath, key: string): string | undefined {
  const value = seen.entries(path).find((entry) => entry.key === key)?.value;
  return value === '' ? undefined : value;
}

function scanBlock(text: string, notes: Notes): void {
  const { cursor } = notes;
  const blocks: Block[] = [];
  /** Inside a block scalar: the column that its lines are right of. */
  let scalarColumn: number | undefined;

  const slotAt = (column: number, dash: boolean): Slot | undefined => {
    let depth = blocks.length;
    const isBelow = ({ column: own, kind }: Block): boolean =>
      own < column || (own === column && (dash || kind === 'map'));
    while (depth > 0) {
      const block = blocks[depth - 1];
      if (block !== undefined && isBelow(block)) break;
      depth -= 1;
    }
    const top = blocks[depth - 1];
    if (top === undefined) return { depth, path: [], isEntry: false };
    if (top.column === column && (top.kind === 'list' || !dash))
      return { depth, path: top.path, isEntry: true };
    return top.open ? { depth, path: [...top.path, top.last], isEntry: false } : undefined;
  };
  const openSpot = (column: number, token: Pick<Token, 'start' | 'end' | 'quote'>): void => {
    const slot = slotAt(column, false);
    if (slot === undefined) return;
    const what = slot.isEntry ? 'entry' : 'open';
    notes.spot({ ...span(token), what, path: slot.path, flow: false, colon: false });
  };

  let next = 0;
  while (next < text.length || (next === text.length && (next === 0 || text[next - 1] === '\n'))) {
    const lineStart = next;
    const newline = text.indexOf('\n', lineStart);
    const lineEnd = contentEnd(text, lineStart, newline === -1 ? text.length : newline);
    next = newline === -1 ? text.length + 1 : newline + 1;
    let at = skipSpaces(text, lineStart, lineEnd);
    const onLine = cursor >= lineStart && cursor <= lineEnd;

    if (scalarColumn !== undefined) {
      if (at === lineEnd || at - lineStart > scalarColumn) continue;
      scalarColumn = undefined;
    }
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(lineStart, lineStart + 4))) {
      blocks.length = 0;
      at = skipSpaces(text, lineStart + 3, lineEnd);
      if (at === lineEnd) {
        if (onLine && cursor > lineStart + 3) openSpot(0, { start: cursor, end: cursor, quote: undefined });
        continue;
      }
    } else if (text[lineStart] === '%') continue;
    if (at === lineEnd) {
      if (onLine) openSpot(cursor - lineStart, { start: cursor, end: cursor, quote: undefined });
      continue;
    }
    if (text[at] === '#') continue;

    const dashed = readDashes(at, lineStart, lineEnd);
    if (dashed === undefined) continue;
    at = dashed;
    if (blocks.length > MANIFEST_LIMITS.depth) return;
    const column = at - lineStart;
    const token = readToken(text, at, lineEnd, ':');
    const colon = skipSpaces(text, token.end, lineEnd);
    const isFlow = text[at] === '{' || text[at] === '[';
    const slot = slotAt(column, false);
    if (isFlow) {
      if (slot === undefined) continue;
      const parent = blocks[slot.depth - 1];
      next = lineAfter(text, scanFlow(text, at, slot.path, parent?.column ?? -1, notes), next);
    } else if (isColon(text, colon)) {
      if (slot === undefined) continue;
      const isHere = cursor >= token.start && cursor <= token.end;
      if (isHere) notes.spot({ ...span(token), what: 'entry', path: slot.path, flow: false, colon: true });
      blocks.length = slot.depth;
      const map: Block = slot.isEntry
        ? (blocks.at(-1) ?? { kind: 'map', column, path: slot.path, last: '', open: false })
        : { kind: 'map', column, path: slot.path, last: '', open: false };
      if (!slot.isEntry) blocks.push(map);
      map.last = token.text;
      const path = [...map.path, token.text];
      next = readValue(colon + 1, lineEnd, map, path, token, next);
    } else if (cursor >= token.start && cursor <= token.end) {
      openSpot(column, token);
    } else if (slot !== undefined && typeof slot.path.at(-1) === 'number') {
      notes.item(slot.path.slice(0, -1), token.text);
    }
  }

  /** Past the dashes that open list items; undefined: nothing follows them. */
  function readDashes(from: number, lineStart: number, lineEnd: number): number | undefined {
    let at = from;
    while (text[at] === '-' && (at + 1 >= lineEnd || text[at + 1] === ' ')) {
      const column = at - lineStart;
      const slot = slotAt(column, true);
      if (slot === undefined || blocks.length > MANIFEST_LIMITS.depth) return undefined;
      blocks.length = slot.depth;
      const known = slot.isEntry ? blocks.at(-1) : undefined;
      const list: Block = known ?? { kind: 'list', column, path: slot.path, last: -1, open: true };
      if (known === undefined) blocks.push(list);
      list.last = Number(list.last) + 1;
      const after = skipSpaces(text, at + 1, lineEnd);
      if (after === lineEnd) {
        if (cursor > at && cursor <= lineEnd)
          openSpot(Math.max(cursor - lineStart, column + 1), {
            start: cursor,
            end: cursor,
            quote: undefined,
          });
        return undefined;
      }
      at = after;
    }
    return text[at] === '#' ? undefined : at;
  }

  /** What follows a colon; gives where the next line to read begins. */
  function readValue(
    from: number,
    lineEnd: number,
    map: Block,
    path: ManifestPath,
    key: Token,
    after: number,
  ): number {
    let at = skipSpaces(text, from, lineEnd);
    while (text[at] === '&' || text[at] === '!') at = skipSpaces(text, wordEnd(text, at, lineEnd), lineEnd);
    const note = (value: string): void => notes.entry(map.path, { key: key.text, start: key.start, value });
    const first = at < lineEnd ? text[at] : undefined;
    map.open = first === undefined || first === '#';
    if (map.open) {
      note('');
      if (cursor >= from && cursor <= at)
        notes.spot({
          start: cursor,
          end: cursor,
          quote: undefined,
          what: 'value',
          path,
          flow: false,
          colon: false,
        });
      return after;
    }
    if (first === '|' || first === '>') {
      scalarColumn = map.column;
      note('');
      return after;
    }
    if (first === '{' || first === '[') {
      note('');
      return lineAfter(text, scanFlow(text, at, path, map.column, notes), after);
    }
    const value = readToken(text, at, lineEnd, '');
    note(value.text);
    if (cursor >= from && cursor <= value.end)
      notes.spot({ ...span(value), what: 'value', path, flow: false, colon: false });
    return after;
  }
}

function span({ start, end, quote }: Pick<Token, 'start' | 'end' | 'quote'>) {
  return { start, end, quote };
}

function wordEnd(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && text[at] !== ' ') at += 1;
  return at;
}

/** The line that begins at or after an offset, never before `least`. */
function lineAfter(text: string, offset: number, least: number): number {
  if (offset <= least) return least;
  if (text[offset - 1] === '\n') return offset;
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length + 1 : newline + 1;
}

function insetOf(text: string, offset: number): number {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return offset - Math.min(offset, skipSpaces(text, lineStart, text.length));
}
