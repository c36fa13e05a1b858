/** The smallest parts of a text that is being typed. */

/** A text up to a colon, a comma or a comment, without quotes. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly quote: '"' | "'" | undefined;
}

/** A scalar on one line. A quote that is not closed ends with the line: half-typed, it must not swallow the rest. */
export function readToken(text: string, start: number, lineEnd: number, stops: string): Token {
  const first = text[start];
  if (first === '"' || first === "'") {
    let at = start + 1;
    while (at < lineEnd && text[at] !== first) at += first === '"' && text[at] === '\\' ? 2 : 1;
    const end = Math.min(at + 1, lineEnd);
    return { start, end, text: text.slice(start + 1, Math.min(at, lineEnd)), quote: first };
  }
  let at = start;
  while (at < lineEnd) {
    const character = text[at] ?? '';
    if (character === '#' && at > start && /\s/.test(text[at - 1] ?? '')) break;
    if (character === ':' ? stops.includes(':') && isColon(text, at) : stops.includes(character)) break;
    at += 1;
  }
  while (at > start && /\s/.test(text[at - 1] ?? '')) at -= 1;
  return { start, end: at, text: text.slice(start, at), quote: undefined };
}

/** A colon that ends a key: what follows is a space, a bracket or the line's end (YAML 1.2.2, 7.3.3). */
export function isColon(text: string, at: number): boolean {
  return text[at] === ':' && /^[\s,[\]{}]?$/.test(text[at + 1] ?? '');
}

export function skipSpaces(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && (text[at] === ' ' || text[at] === '\t' || text[at] === '\uFEFF')) at += 1;
  return at;
}
