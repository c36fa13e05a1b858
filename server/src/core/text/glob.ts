/**
 * Whether a text fits a pattern in which `*` stands for any characters but the separator, and `**` for any at all. Takes time in
 * proportion to pattern times text, whatever either says: both may come from somebody hostile.
 */
export function matchesGlob(pattern: string, text: string, separator: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  const tokens = pattern.split(/(\*+)/).flatMap((part) => (part.startsWith('*') ? [part] : [...part]));
  /** Places in `tokens` that may be next. */
  let places = through(tokens, new Set([0]));
  for (const character of text) {
    const next = new Set<number>();
    for (const place of places) {
      const token = tokens[place];
      if (token === undefined) continue;
      if (isStar(token)) {
        if (token.length > 1 || character !== separator) next.add(place);
      } else if (token === character) next.add(place + 1);
    }
    if (next.size === 0) return false;
    places = through(tokens, next);
  }
  return places.has(tokens.length);
}

const isStar = (token: string | undefined): boolean => token?.startsWith('*') === true;

/** A star may stand for nothing. */
function through(tokens: readonly string[], places: Set<number>): Set<number> {
  for (const place of places) if (isStar(tokens[place])) places.add(place + 1);
  return places;
}
