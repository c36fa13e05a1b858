/** A mistake of the text itself; offsets count from the start of the document's text. */
export interface SyntaxMistake {
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly fixes: readonly SyntaxFix[];
}

export interface SyntaxFix {
  readonly title: string;
  readonly preferred: boolean;
  readonly edits: readonly SyntaxEdit[];
}

export interface SyntaxEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

export function insertion(at: number, newText: string): SyntaxEdit {
  return { start: at, end: at, newText };
}

/** The text after the edits, which do not overlap. */
export function edited(text: string, edits: readonly SyntaxEdit[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((now, { start, end, newText }) => now.slice(0, start) + newText + now.slice(end), text);
}

/** With one repair. */
export const one = (
  start: number,
  end: number,
  message: string,
  title: string,
  edits: readonly SyntaxEdit[],
  preferred = true,
): SyntaxMistake => ({ start, end, message, fixes: [{ title, preferred, edits }] });
