/**
 * Planted mistakes as data: a right manifest, and for each mistake what of it is written wrongly. The marks « and » stand
 * around the one token that a finding is expected on. The corpus says what a person needs, not what the server does.
 */
export interface Mistake {
  readonly what: string;
  /** Pieces of the manifest, each found once in it … */
  readonly was: string | readonly string[];
  /** … and what stands there by mistake; one of them holds the marks. */
  readonly is: string | readonly string[];
  readonly rule: string;
  /** What the message must say: what is wrong and what would be right. */
  readonly says: readonly string[];
  /** What stands there after the preferred fix; left out: what was there. `null`: only the author can know. */
  readonly right?: string | readonly string[] | null;
  /** Not all files can be written in both languages: a mistake of YAML's own signs has no JSON form. */
  readonly yamlOnly?: boolean;
}

export interface Theme {
  readonly name: string;
  /** A manifest without any finding. */
  readonly manifest: string;
  /** `json`: the manifest is a JSON file. Left out: YAML. */
  readonly language?: 'json';
  readonly mistakes: readonly Mistake[];
}

const OPEN = '«';
const CLOSE = '»';

/** A text and the range of characters that was marked in it. */
export interface Marked {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const list = (pieces: string | readonly string[]): readonly string[] =>
  typeof pieces === 'string' ? [pieces] : pieces;

function replaced(manifest: string, was: readonly string[], is: readonly string[]): string {
  if (was.length !== is.length) throw new Error('as many pieces as replacements');
  return was.reduce((text, piece, index) => {
    const parts = text.split(piece);
    if (parts.length !== 2)
      throw new Error(`${JSON.stringify(piece)} is ${parts.length - 1} times in the manifest`);
    return parts.join(is[index]);
  }, manifest);
}

export function unmark(text: string): Marked {
  const start = text.indexOf(OPEN);
  const end = text.indexOf(CLOSE) - OPEN.length;
  if (start < 0 || end < start) throw new Error('no token is marked');
  return { text: text.replace(OPEN, '').replace(CLOSE, ''), start, end };
}

export const wrongText = (theme: Theme, mistake: Mistake): Marked =>
  unmark(replaced(theme.manifest, list(mistake.was), list(mistake.is)));

/** The text after the right fix, or `null` where none can be right. */
export const rightText = (theme: Theme, mistake: Mistake): string | null =>
  mistake.right === null
    ? null
    : replaced(theme.manifest, list(mistake.was), list(mistake.right ?? mistake.was));
