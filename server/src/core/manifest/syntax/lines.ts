/** How far above the place where the parser stopped the mistake may be. */
const LINES_ABOVE = 2;
/** Nobody types longer ones; patterns are not run on them. */
const LONGEST_LINE = 2000;

/** A line of the text; `end` is in front of its line end. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The line where the parser stopped, the one behind it, then those above that hold something. */
export function linesAround(text: string, offset: number): readonly Line[] {
  const at = lineAt(text, offset);
  const next = at.end < text.length ? lineAt(text, endWithNewline(text, at.end)) : undefined;
  const above: Line[] = [];
  for (let start = at.start; start > 0 && above.length < LINES_ABOVE; ) {
    const line = lineAt(text, start - 1);
    if (line.text.trim() !== '') above.push(line);
    start = line.start;
  }
  return [at, ...above, ...(next === undefined ? [] : [next])].filter(
    ({ text: each }) => each.length <= LONGEST_LINE && each.trim() !== '',
  );
}

export function lineAt(text: string, offset: number): Line {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', Math.max(start, Math.min(offset, text.length)));
  let end = newline === -1 ? text.length : newline;
  if (text[end - 1] === '\r' && end > start) end -= 1;
  return { start, end, text: text.slice(start, end) };
}

export function endWithNewline(text: string, end: number): number {
  const newline = text.indexOf('\n', end);
  return newline === -1 ? text.length : newline + 1;
}

/** Without the comment at its end and the spaces before it. */
export function body(line: string): string {
  return line.replace(/[ \t]#.*$/, '').trimEnd();
}

/** Where a value begins in a line: behind `key: ` and `- `. */
export function valueStart(text: string): number {
  return /^[ \t]*(?:- +)*(?:[^\s:#'"[\]{},][^:#'"[\]{},]{0,63}: +)?/.exec(text)?.[0].length ?? 0;
}
