/** Control characters, what has no width and what changes the direction of a line: none of it belongs in one line of text. */
const CONTROL = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** One line for a person, out of a certificate, a record or a manifest: what cannot be seen is named, what is too long is cut. */
export function visible(text: string, longest = 300): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replace(CONTROL, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `⟨U+${hex.padStart(4, '0')}⟩`;
  });
}
