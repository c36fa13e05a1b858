/** What a kind of file hands over: a path and a text in which each secret stands between two marks. */
import type { Random } from './random.ts';

/** Private-use characters: no format escapes them, and no text of the corpus has them otherwise. */
const OPEN = '\ue000';
const CLOSE = '\ue001';

/** Where a secret begins and ends. What a person would have to erase is marked, without its name or quotes. */
export function mark(value: string): string {
  return `${OPEN}${value}${CLOSE}`;
}

export interface Draft {
  readonly path: string;
  /** Bytes are a file that is a secret as a whole, such as a key store. */
  readonly content: string | Buffer;
}

export interface Kind {
  readonly family: string;
  readonly kind: string;
  readonly make: (random: Random) => Draft;
}

export interface Planted {
  readonly value: string;
  /** Counted from 1, both included. */
  readonly startLine: number;
  readonly endLine: number;
}

/** A text without its marks, and what they enclosed. */
export function readMarks(marked: string): { readonly text: string; readonly planted: readonly Planted[] } {
  const planted: Planted[] = [];
  let text = '';
  let line = 1;
  let open: { readonly at: number; readonly line: number } | undefined;
  for (const part of marked.split(new RegExp(`([${OPEN}${CLOSE}])`))) {
    if (part === OPEN) {
      if (open !== undefined) throw new Error('a mark inside a mark');
      open = { at: text.length, line };
    } else if (part === CLOSE) {
      if (open === undefined) throw new Error('a mark closes that was not opened');
      const value = text.slice(open.at);
      planted.push({ value, startLine: open.line, endLine: value.endsWith('\n') ? line - 1 : line });
      open = undefined;
    } else {
      text += part;
      line += part.split('\n').length - 1;
    }
  }
  if (open !== undefined) throw new Error('a mark that does not close');
  return { text, planted };
}

/** Each line of `text` after the first moved right, as YAML and heredocs want a block. */
export function indent(text: string, by: number): string {
  return text.trimEnd().replaceAll('\n', `\n${' '.repeat(by)}`);
}

/** A file of kinds: one family, a short table. */
export function family(
  name: string,
  kinds: Readonly<Record<string, (random: Random) => Draft>>,
): readonly Kind[] {
  return Object.entries(kinds).map(([kind, make]) => ({ family: name, kind, make }));
}

/** `path` and text, as a kind returns them. */
export function draft(path: string, content: string | Buffer): Draft {
  return { path, content };
}
