import type { Position, Range } from './position.ts';

/** Offset ↔ position in one text. Offsets count UTF-16 code units, as positions do. Lines end at LF or CRLF. */
export interface LineIndex {
  readonly lineCount: number;
  positionAt(offset: number): Position;
  /** Clamped to the line and the text. */
  offsetAt(position: Position): number;
  range(start: number, end: number): Range;
}

export function lineIndex(text: string): LineIndex {
  // Of most documents nobody asks for a place.
  let known: readonly number[] | undefined;
  const lineStarts = (): readonly number[] => {
    known ??= startsIn(text);
    return known;
  };

  const positionAt = (offset: number): Position => {
    const starts = lineStarts();
    const wanted = Math.max(0, Math.min(offset, text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? text.length) <= wanted) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: wanted - (starts[low] ?? 0) };
  };

  return {
    get lineCount() {
      return lineStarts().length;
    },
    positionAt,
    offsetAt: ({ line, character }) => {
      const starts = lineStarts();
      const start = line < 0 ? 0 : starts[line];
      if (start === undefined) return text.length;
      const next = starts[line + 1];
      const end = next === undefined ? text.length : next - 1;
      return line < 0 ? 0 : Math.min(start + Math.max(0, character), end);
    },
    range: (start, end) => ({ start: positionAt(start), end: positionAt(end) }),
  };
}

function startsIn(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}

/** Whether some place belongs to both. */
export function rangesOverlap(a: Range, b: Range): boolean {
  return comparePositions(a.start, b.end) < 0 && comparePositions(b.start, a.end) < 0;
}

/** Where a line's text ends, its newline being at that offset: before the carriage return of CRLF. */
export function contentEnd(text: string, start: number, newline: number): number {
  return newline > start && text[newline - 1] === '\r' ? newline - 1 : newline;
}
