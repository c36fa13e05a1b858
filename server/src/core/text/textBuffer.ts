import { comparePositions, contentEnd } from './lineIndex.ts';
import type { Position, Range } from './position.ts';

/** A text that is edited in place. An edit costs the same in a short text and in a long one. Lines end at LF or CRLF. */
export interface TextBuffer {
  /** Put together when it is asked for. */
  text(): string;
  slice(range: Range): string;
  /** A position behind a line's end is that end; one below the last line is the end of the text. */
  edit(range: Range, text: string): void;
}

/** Whole lines, except that the last has no end. */
interface Chunk {
  readonly text: string;
  readonly lineEnds: number;
}

interface Place {
  readonly chunk: number;
  readonly offset: number;
}

const LINES_PER_CHUNK = 64;
const MOST_LINES = 4 * LINES_PER_CHUNK;

export function textBuffer(original: string): TextBuffer {
  const chunks = chunksOf(original);
  let whole: string | undefined = original;

  const placeOf = ({ line, character }: Position): Place => {
    let left = Math.max(0, line);
    let chunk = 0;
    for (; chunk < chunks.length - 1; chunk += 1) {
      const { lineEnds = 0 } = chunks[chunk] ?? {};
      if (left < lineEnds) break;
      left -= lineEnds;
    }
    const { text = '' } = chunks[chunk] ?? {};
    let start = 0;
    for (; left > 0; left -= 1) {
      const newline = text.indexOf('\n', start);
      if (newline === -1) return { chunk, offset: text.length };
      start = newline + 1;
    }
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : contentEnd(text, start, newline);
    return { chunk, offset: line < 0 ? 0 : Math.min(start + Math.max(0, character), end) };
  };
  const placesOf = ({ start, end }: Range): readonly [Place, Place] =>
    comparePositions(start, end) <= 0 ? [placeOf(start), placeOf(end)] : [placeOf(end), placeOf(start)];
  const textAt = (chunk: number): string => chunks[chunk]?.text ?? '';

  return {
    text() {
      whole ??= chunks.map(({ text }) => text).join('');
      return whole;
    },
    slice(range) {
      const [from, to] = placesOf(range);
      if (from.chunk === to.chunk) return textAt(from.chunk).slice(from.offset, to.offset);
      const between = chunks.slice(from.chunk + 1, to.chunk).map(({ text }) => text);
      return [textAt(from.chunk).slice(from.offset), ...between, textAt(to.chunk).slice(0, to.offset)].join(
        '',
      );
    },
    edit(range, text) {
      const [from, to] = placesOf(range);
      const before = textAt(from.chunk).slice(0, from.offset);
      const after = textAt(to.chunk).slice(to.offset);
      // What no longer ends its line has the next chunk's first line behind it.
      const joins = !after.includes('\n') && to.chunk + 1 < chunks.length;
      const last = joins ? to.chunk + 1 : to.chunk;
      const now = flat(before + text + after + (joins ? textAt(last) : ''));
      const lineEnds = countLineEnds(now);
      const parts = lineEnds > MOST_LINES ? chunksOf(now) : [{ text: now, lineEnds }];
      if (parts.at(-1)?.text === '' && last + 1 < chunks.length) parts.pop();
      chunks.splice(from.chunk, last - from.chunk + 1, ...parts);
      whole = undefined;
    },
  };
}

function chunksOf(text: string): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  let lineEnds = 0;
  for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', newline + 1)) {
    lineEnds += 1;
    if (lineEnds < LINES_PER_CHUNK) continue;
    chunks.push({ text: text.slice(start, newline + 1), lineEnds });
    start = newline + 1;
    lineEnds = 0;
  }
  chunks.push({ text: text.slice(start), lineEnds });
  return chunks;
}

export function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** A slice keeps the whole text that it comes from in memory; this is a text of its own, the same in every code unit. */
export function flat(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

/** A line end of the protocol that is none in a manifest. */
export function hasLoneReturn(text: string): boolean {
  return text.includes('\r') && /\r(?!\n)/.test(text);
}
