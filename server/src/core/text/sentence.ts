/**
 * A text with the capital letter and the full stop of a sentence. A path, a URL or a name at its beginning stays as it is; a
 * name is also what stands before a bracket.
 */
export function sentence(text: string): string {
  const begun = /^[a-z]+(?:,| (?!\())/.test(text) ? capitalized(text) : text;
  return begun === '' || /[.!?:]$/.test(begun) ? begun : `${begun}.`;
}

export function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
