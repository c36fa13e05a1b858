import { quotable } from '../../text/quote.ts';
import { edited, insertion, type SyntaxEdit, type SyntaxMistake } from './mistake.ts';

type Sort = 'open' | 'close' | 'comma' | 'colon' | 'text' | 'word' | 'comment' | 'bad-text' | 'other';

interface Token {
  readonly sort: Sort;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What may come next in a map or a list. */
type Expected = 'key' | 'key or end' | 'colon' | 'value' | 'value or end' | 'comma or end';

const TOKEN =
  /(?<open>[{[])|(?<close>[}\]])|(?<comma>,)|(?<colon>:)|(?<text>"(?:[^"\\\n\r]|\\[^\n\r])*")|(?<comment>\/\/[^\n\r]*|\/\*(?:[^*]|\*(?!\/))*\*\/|#[^\n\r]*)|(?<badText>"[^"\n\r]*|'[^'\n\r]*'?)|(?<word>[^\s{}[\],:"'#=]+)|(?<other>\S)/g;
const LITERAL = /^(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)$/;

/**
 * The first mistake of a text that is no JSON (RFC 8259), with its repair. Undefined where none of the usual ones is seen.
 * A repair is preferred when the text is JSON with it.
 */
export function jsonMistake(text: string): SyntaxMistake | undefined {
  const open: Token[] = [];
  let expected = 'value' as Expected;
  let last: Token | undefined;
  const found = (
    token: Token,
    message: string,
    edits: readonly SyntaxEdit[],
    title: string,
  ): SyntaxMistake => ({
    start: token.start,
    end: token.end,
    message,
    fixes: [{ title, preferred: isJson(edited(text, edits)), edits }],
  });
  for (const token of tokensOf(text)) {
    const { sort, start, end } = token;
    const inner = open.at(-1);
    if (sort === 'comment') {
      return found(
        token,
        'JSON has no comments; remove it, or keep the manifest as YAML',
        [{ start: spacesBefore(text, start), end, newText: '' }],
        'Remove the comment',
      );
    }
    if (sort === 'other') {
      if (token.text === '=' && expected === 'colon')
        return found(
          token,
          'a colon (:) stands between a key and its value, not =',
          [{ start, end, newText: ':' }],
          'Change to ":"',
        );
      return { start, end, message: 'JSON does not expect this character here; remove it', fixes: [] };
    }
    if (sort === 'bad-text') return badText(token, found);
    if (inner === undefined && last !== undefined) {
      const message =
        sort === 'close'
          ? `there is one ${token.text} too many; remove it`
          : 'JSON ends before this; remove it';
      return found(token, message, [{ start, end, newText: '' }], 'Remove it');
    }
    if (sort === 'close') {
      if (inner === undefined)
        return found(
          token,
          `there is one ${token.text} too many; remove it`,
          [{ start, end, newText: '' }],
          'Remove it',
        );
      if (last?.sort === 'comma')
        return found(
          last,
          'JSON has no comma after the last entry; remove it',
          [{ start: last.start, end: last.end, newText: '' }],
          'Remove the comma',
        );
      const wanted = closerOf(inner);
      if (wanted !== token.text || isElsewhere(text, inner, token, open))
        return neverClosed(text, inner, found);
      open.pop();
      last = token;
      expected = 'comma or end';
      continue;
    }
    if (expected === 'comma or end' && sort !== 'comma' && last !== undefined) {
      return found(
        last.sort === 'close' ? token : last,
        'a comma is missing between two entries',
        [insertion(last.end, ',')],
        'Add the comma',
      );
    }
    if (expected === 'colon' && sort !== 'colon' && last !== undefined)
      return found(
        last,
        'a colon (:) is missing between this key and its value',
        [insertion(last.end, ':')],
        'Add the colon',
      );
    if (sort === 'word' && (!LITERAL.test(token.text) || expected.startsWith('key')))
      return bareWord(token, expected, found);
    switch (sort) {
      case 'open':
        open.push(token);
        expected = token.text === '{' ? 'key or end' : 'value or end';
        break;
      case 'comma':
        if (expected !== 'comma or end')
          return found(
            token,
            'this comma separates nothing; remove it',
            [{ start, end, newText: '' }],
            'Remove the comma',
          );
        expected = inner?.text === '{' ? 'key' : 'value';
        break;
      case 'colon':
        if (expected !== 'colon')
          return { start, end, message: 'a colon (:) stands behind a key alone', fixes: [] };
        expected = 'value';
        break;
      case 'text':
      case 'word':
        if (expected.startsWith('key')) expected = 'colon';
        else expected = 'comma or end';
        break;
      default:
        return sort satisfies never;
    }
    last = token;
  }
  const inner = open.at(-1);
  return inner === undefined ? undefined : neverClosed(text, inner, found);
}

type Found = (token: Token, message: string, edits: readonly SyntaxEdit[], title: string) => SyntaxMistake;

/** One at a time: after the first mistake nothing more is read. */
function* tokensOf(text: string): Generator<Token> {
  for (const match of text.matchAll(TOKEN)) {
    const sort = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0] ?? 'other';
    if (match[0] === '\uFEFF') continue;
    yield {
      sort: sort === 'badText' ? 'bad-text' : (sort as Sort),
      start: match.index,
      end: match.index + match[0].length,
      text: match[0],
    };
  }
}

function badText(token: Token, found: Found): SyntaxMistake {
  const { start, end } = token;
  if (token.text.startsWith("'")) {
    const isClosed = token.text.length > 1 && token.text.endsWith("'");
    const inside = token.text.slice(1, isClosed ? -1 : undefined);
    return found(
      token,
      'JSON has double quotes alone, not single ones',
      [{ start, end, newText: JSON.stringify(inside) }],
      'Put it in double quotes',
    );
  }
  const closing = endWithout(token.text, ' \t,}]');
  const quote = { ...token, end: start + 1 };
  return found(
    quote,
    'this quote (") is never closed on its line; close it',
    [insertion(start + closing, '"')],
    'Close the quote',
  );
}

function bareWord(token: Token, expected: Expected, found: Found): SyntaxMistake {
  const { start, end } = token;
  const literal = token.text.toLowerCase();
  const isLiteral = !expected.startsWith('key') && /^(?:true|false|null)$/.test(literal);
  const shown = quotable(token.text);
  const what = expected.startsWith('key') ? 'a key' : 'a text';
  const message = isLiteral
    ? `JSON writes ${literal} in lower case`
    : `${what} stands in double quotes in JSON${shown === undefined ? '' : `: write ${shown}`}`;
  const newText = isLiteral ? literal : JSON.stringify(token.text);
  return found(
    token,
    message,
    [{ start, end, newText }],
    isLiteral ? `Change to ${literal}` : 'Put it in double quotes',
  );
}

const closerOf = (opener: Token): string => (opener.text === '{' ? '}' : ']');

/** A closing bracket at the start of a line closes what was opened on a line of the same indentation. */
function isElsewhere(text: string, inner: Token, closer: Token, open: readonly Token[]): boolean {
  const indent = indentBefore(text, closer.start);
  if (indent === undefined || indentOf(text, inner.start) === indent) return false;
  return open.some((token) => closerOf(token) === closer.text && indentOf(text, token.start) === indent);
}

/** Closes it where its line ends, in front of a comma there. */
function neverClosed(text: string, opener: Token, found: Found): SyntaxMistake {
  const newline = text.indexOf('\n', opener.start);
  const line = text.slice(opener.start, newline === -1 ? text.length : newline);
  const at = opener.start + endWithout(line, ' \t\r,');
  const closer = closerOf(opener);
  return found(
    opener,
    `this ${opener.text} is never closed; put ${closer} where it ends`,
    [insertion(at, opener.text === '{' ? ` ${closer}` : closer)],
    `Close it with ${closer}`,
  );
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function indentOf(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return (/^[ \t]*/.exec(text.slice(start, start + 200))?.[0] ?? '').length;
}

/** The indentation of what begins its line; undefined in the middle of one. */
function indentBefore(text: string, offset: number): number | undefined {
  const start = lineStart(text, offset);
  return text.slice(start, offset).trim() === '' ? offset - start : undefined;
}

function spacesBefore(text: string, offset: number): number {
  let at = offset;
  while (text[at - 1] === ' ') at -= 1;
  return at;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ''));
    return true;
  } catch {
    return false;
  }
}

/** Where a text ends without these characters; a pattern for it would take its time on long runs of them. */
function endWithout(text: string, characters: string): number {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] ?? '')) end -= 1;
  return end;
}
