import type { Position, Range } from '../../core/text/position.ts';

const LINE_FEED = 0x0a;

/**
 * Octets of a file in UTF-8 to lines and UTF-16 code units; in a file of another encoding columns count what UTF-8 makes of it.
 * Asked in the order of the places, so that a file is gone through once.
 */
export function rangesOfOctets(bytes: Uint8Array): (start: number, end: number) => Range {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let line = 0;
  let lineStart = 0;
  const position = (offset: number): Position => {
    if (offset < lineStart) {
      line = 0;
      lineStart = 0;
    }
    for (
      let at = buffer.indexOf(LINE_FEED, lineStart);
      at !== -1 && at < offset;
      at = buffer.indexOf(LINE_FEED, lineStart)
    ) {
      line += 1;
      lineStart = at + 1;
    }
    return { line, character: buffer.toString('utf8', lineStart, offset).length };
  };
  return (start, end) => {
    const from = position(start);
    return { start: from, end: position(end) };
  };
}
