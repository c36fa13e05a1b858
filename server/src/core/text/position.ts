/** A place in a text: zero-based line, and zero-based UTF-16 code unit in that line (as LSP counts). */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Half-open: `end` is the first position that no longer belongs to it. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}
