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
  const between = Buffer.from(
    bytes.buffer,
    bytes.byteOffset + known.offset - base,
    Math.min(offset - base, bytes.length) - (known.offset - base),
  );
  let { line, character } = known;
  let lineStart = 0;
  for (let at = between.indexOf(LINE_FEED); at !== -1; at = between.indexOf(LINE_FEED, lineStart)) {
    line += 1;
    character = 0;
    lineStart = at + 1;
  }
  return { offset, line, character: character + codeUnits(between.subarray(lineStart)) };
}

/** The first octet at or after `at` that is not in the middle of a character. */
export function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start < at + 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return start;
}

function codeUnits(bytes: Buffer): number {
  let count = 0;
  for (let from = 0; from < bytes.length; ) {
    const to = from + STEP < bytes.length ? characterStart(bytes, from + STEP) : bytes.length;
    count += bytes.toString('utf8', from, to).length;
    from = to;
  }
  return count;
}
