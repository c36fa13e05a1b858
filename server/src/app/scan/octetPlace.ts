const LINE_FEED = 0x0a;
/** So much becomes text at once: a file may be one line. */
const STEP = 64 * 1024;

/** An octet of a content in UTF-8; in another encoding columns count what UTF-8 makes of it. */
export interface OctetPlace {
  readonly offset: number;
  readonly line: number;
  /** UTF-16 code units. */
  readonly character: number;
}

export const START: OctetPlace = { offset: 0, line: 0, character: 0 };

/** Goes on from a place that is known, so that a content is gone through once. `bytes` begin at `base` of it. */
export function placeAfter(known: OctetPlace, offset: number, bytes: Uint8Array, base: number): OctetPlace {
  if (offset <= known.offset) return known;
  const end = Math.min(offset - base, bytes.length);
  let { line, character } = known;
  let lineStart = known.offset - base;
  // Lines are short for the most part: a call for each would take longer than to go through them.
  for (let at = lineStart; at < end; at += 1) {
    if (bytes[at] !== LINE_FEED) continue;
    line += 1;
    character = 0;
    lineStart = at + 1;
  }
  return { offset, line, character: character + codeUnits(bytes, lineStart, end) };
}

/** The first octet at or after `at` that is not in the middle of a character. */
export function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start < at + 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return start;
}

function codeUnits(bytes: Uint8Array, start: number, end: number): number {
  let ascii = start;
  while (ascii < end && (bytes[ascii] as number) < 0x80) ascii += 1;
  if (ascii >= end) return end - start;
  const rest = Buffer.from(bytes.buffer, bytes.byteOffset + ascii, end - ascii);
  let count = ascii - start;
  for (let from = 0; from < rest.length; ) {
    const to = from + STEP < rest.length ? characterStart(rest, from + STEP) : rest.length;
    count += rest.toString('utf8', from, to).length;
    from = to;
  }
  return count;
}
