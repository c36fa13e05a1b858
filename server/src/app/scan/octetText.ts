import type { Position, Range } from '../../core/text/position.ts';

/** What stood from `start` to `end` is `length` other octets now. */
export interface OctetEdit {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/** A text kept as octets of UTF-8 and edited in place by lines and UTF-16 code units, as an editor tells of it. */
export interface OctetText {
  /** Good until the next edit. */
  bytes(): Uint8Array;
  /** A position behind a line's end is that end; one below the last line is the end of the text. */
  edit(range: Range, text: string): OctetEdit;
  rangeOf(start: number, end: number): Range;
}

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
/** What stands for half of a pair of surrogates; it counts as one code unit, too. */
const HALF = '\ufffd';

export function octetText(original: string): OctetText {
  let store = Buffer.from(original, 'utf8');
  let length = store.length;
  let lines = lineStarts(store, 0);

  const lineOf = (offset: number): number => {
    let low = 0;
    let high = lines.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((lines[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  };
  /** What was asked for last: findings stand in their order, and thousands of them may stand in one line. */
  let last = { line: 0, offset: 0, character: 0 };
  const positionOf = (offset: number): Position => {
    const line = lineOf(offset);
    const goesOn = last.line === line && last.offset <= offset;
    const from = goesOn ? last : { line, offset: lines[line] ?? 0, character: 0 };
    const character = from.character + store.toString('utf8', from.offset, offset).length;
    last = { line, offset, character };
    return { line, character };
  };
  /** `inside`: of a character that is two code units the first is before it. */
  const placeOf = ({ line, character }: Position): { readonly at: number; readonly inside: boolean } => {
    if (line >= lines.length) return { at: length, inside: false };
    let at = line < 0 ? 0 : (lines[line] ?? 0);
    const next = lines[line + 1] ?? length;
    for (let left = line < 0 ? 0 : character; left > 0 && at < next; ) {
      const octet = store[at] ?? 0;
      if (octet === LINE_FEED || octet === RETURN) break;
      const units = octet < 0xf0 ? 1 : 2;
      if (left < units) return { at, inside: true };
      left -= units;
      at += octet < 0x80 ? 1 : octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4;
    }
    return { at, inside: false };
  };
  const makeRoom = (needed: number): void => {
    if (needed <= store.length) return;
    const larger = Buffer.allocUnsafe(needed + (needed >>> 2));
    store.copy(larger, 0, 0, length);
    store = larger;
  };

  return {
    bytes: () => store.subarray(0, length),
    edit(range, text) {
      const [from, to] = [placeOf(range.start), placeOf(range.end)].sort((a, b) => a.at - b.at) as [
        ReturnType<typeof placeOf>,
        ReturnType<typeof placeOf>,
      ];
      const start = from.at;
      const end = to.at + (to.inside ? 4 : 0);
      const written = Buffer.from(`${from.inside ? HALF : ''}${text}${to.inside ? HALF : ''}`, 'utf8');
      const shift = written.length - (end - start);
      // Where a return and a line feed come together or are parted, a line before and behind may begin elsewhere.
      const first = lineOf(Math.max(0, start - 1));
      const rest = lines.slice(lineOf(end) + 1).filter((each) => each > end + 1);
      makeRoom(length + shift);
      store.copyWithin(start + written.length, end, length);
      written.copy(store, start);
      length += shift;
      last = { line: 0, offset: 0, character: 0 };
      const until = rest[0] === undefined ? length : rest[0] + shift;
      const fresh = lineStarts(store.subarray(0, until), lines[first] ?? 0);
      lines = lines.slice(0, first).concat(fresh);
      // The line of `until` is the first of the rest, unless the text ends there.
      if (rest.length > 0 && lines.at(-1) === until) lines.pop();
      for (const each of rest) lines.push(each + shift);
      return { start, end, length: written.length };
    },
    rangeOf(start, end) {
      const from = positionOf(start);
      const at = last;
      const to = positionOf(end);
      // The next one may begin before this one ends.
      last = at;
      return { start: from, end: to };
    },
  };
}

/** Where lines begin from `start` on, which is one. A line ends with LF, CRLF or CR. */
function lineStarts(bytes: Buffer, start: number): number[] {
  const starts = [start];
  for (let at = start; at < bytes.length; at += 1) {
    const octet = bytes[at];
    if (octet === LINE_FEED || (octet === RETURN && bytes[at + 1] !== LINE_FEED)) starts.push(at + 1);
  }
  return starts;
}
