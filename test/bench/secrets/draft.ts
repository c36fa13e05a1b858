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
  /** Of a text; UTF-8 if left out. What Windows writes has a byte order mark before it. */
  readonly encoding?: Encoding;
}

type Encoding = 'utf16le' | 'utf8-bom';

export interface Kind {
  readonly family: string;
  readonly kind: string;
  readonly make: (random: Random) => Draft;
}

export interface Planted {
  readonly value: string;
  /** Lines and columns are counted from 1; the end is where the next character would stand. */
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A text without its marks, and what they enclosed; a line break at the end of that is no part of the secret. */
export function readMarks(marked: string): { readonly text: string; readonly planted: readonly Planted[] } {
  const planted: Planted[] = [];
  let text = '';
  let open: number | undefined;
  for (const part of marked.split(new RegExp(`([${OPEN}${CLOSE}])`))) {
    if (part === OPEN) {
      if (open !== undefined) throw new Error('a mark inside a mark');
      open = text.length;
    } else if (part === CLOSE) {
      if (open === undefined) throw new Error('a mark closes that was not opened');
      const value = text.slice(open).replace(/\r?\n$/, '');
      const [start, end] = [place(text, open), place(text, open + value.length)];
      planted.push({
        value,
        startLine: start.line,
        startColumn: start.column,
        endLine: end.line,
        endColumn: end.column,
      });
      open = undefined;
    } else {
      text += part;
    }
  }
  if (open !== undefined) throw new Error('a mark that does not close');
  return { text, planted };
}

function place(text: string, offset: number): { readonly line: number; readonly column: number } {
  const rows = text.slice(0, offset).split('\n');
  return { line: rows.length, column: (rows.at(-1)?.length ?? 0) + 1 };
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
export function draft(path: string, content: string | Buffer, encoding?: Encoding): Draft {
  return { path, content, ...(encoding === undefined ? {} : { encoding }) };
}

/** The bytes of a text without marks. */
export function encode(text: string, encoding: Encoding | undefined): Buffer {
  switch (encoding) {
    case undefined:
      return Buffer.from(text, 'utf8');
    case 'utf8-bom':
      return Buffer.from(`\ufeff${text}`, 'utf8');
    case 'utf16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
  }
}
