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
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const startOf = (line: number): number => starts[line] ?? text.length;

  const positionAt = (offset: number): Position => {
    const wanted = Math.max(0, Math.min(offset, text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (startOf(middle) <= wanted) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: wanted - startOf(low) };
  };

  return {
    lineCount: starts.length,
    positionAt,
    offsetAt: ({ line, character }) => {
      if (line < 0) return 0;
      if (line >= starts.length) return text.length;
      const end = line + 1 < starts.length ? startOf(line + 1) - 1 : text.length;
      return Math.min(startOf(line) + Math.max(0, character), end);
    },
    range: (start, end) => ({ start: positionAt(start), end: positionAt(end) }),
  };
}

export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}

/** Where a line's text ends, its newline being at that offset: before the carriage return of CRLF. */
export function contentEnd(text: string, start: number, newline: number): number {
  return newline > start && text[newline - 1] === '\r' ? newline - 1 : newline;
}
