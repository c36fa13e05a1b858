/** Whatever steers a terminal, a line or the direction of reading, or cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text of an unknown author, for a person to read: what cannot be seen in it is written out as `\u{202e}`, so that nothing
 * looks like what it is not.
 */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
