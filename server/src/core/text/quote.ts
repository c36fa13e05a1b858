/**
 * A value as messages may show it: in quotes when it looks like a word, a name or a path, else undefined. Anything long
 * or unusual may be a secret that stands at the wrong place, and is never shown.
 */
export function quotable(value: unknown): string | undefined {
  if (typeof value === 'boolean') return `"${value}"`;
  if (typeof value !== 'string' || value.length === 0 || value.length > 40) return undefined;
  if (!/^[\p{L}\p{N} ._:/*@{}%+-]+$/u.test(value)) return undefined;
  return looksRandom(value) ? undefined : `"${value}"`;
}

/** Long runs that mix letters and digits without any separator, as keys and tokens do. */
function looksRandom(value: string): boolean {
  return value
    .split(/[ ._:/*@{}%+-]/)
    .some((word) => word.length >= 16 && /[0-9]/.test(word) && /\p{L}/u.test(word));
}

/** `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  const last = words.at(-1);
  if (last === undefined) return '';
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
