import { fieldsOfAllKinds } from '../../schema/fieldsOfAllKinds.ts';
import { quotable } from '../../text/quote.ts';
import { unclosed } from './brackets.ts';
import { edited, insertion, type SyntaxEdit, type SyntaxMistake } from './mistake.ts';

/** What the parser stumbled over first. */
export interface Stumble {
  readonly code: string;
  readonly start: number;
  readonly end: number;
}

/** A line of the text; `end` is in front of its line end. */
interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Bounds what is parsed again for one key: characters of all tries together, and tries. */
const MOST_PARSED = 160 * 1024;
const MOST_TRIED = 16;
/** How far above the place where the parser stopped the mistake may be. */
const LINES_ABOVE = 2;

/**
 * The mistake behind a parser's complaint, which often shows lines below it. Each usual mistake proposes its repair; the
 * first one with which `isYaml` holds is the answer. Undefined: only the parser's own words are left.
 */
export function yamlMistake(
  text: string,
  stumble: Stumble,
  isYaml: (text: string) => boolean,
): SyntaxMistake | undefined {
  const conflict = mergeConflict(text);
  if (conflict !== undefined) return conflict;
  let tried = 0;
  for (const mistake of proposals(text, stumble)) {
    const [fix] = mistake.fixes;
    if (fix === undefined) return mistake;
    tried += 1;
    if (tried > MOST_TRIED || tried * text.length > MOST_PARSED) return undefined;
    if (isYaml(edited(text, fix.edits))) return mistake;
  }
  return undefined;
}

function* proposals(text: string, stumble: Stumble): Generator<SyntaxMistake> {
  yield* tabs(text);
  const lines = linesAround(text, stumble.start);
  if (stumble.code === 'BAD_DQ_ESCAPE') yield badEscape(text, stumble);
  for (const line of lines) {
    yield* noBreakSpace(line);
    yield* dashes(line);
    yield* spaceAfterColon(line);
    yield* brackets(line);
    yield* quotes(line);
    yield* commaInMap(line);
  }
  for (const line of lines) yield* needsQuotes(line);
  for (const line of lines) yield* indentation(text, line);
  for (const line of lines) yield* noColon(line);
  const [first] = lines;
  if (first !== undefined) yield* halfTyped(first);
}

const one = (
  start: number,
  end: number,
  message: string,
  title: string,
  edits: readonly SyntaxEdit[],
  preferred = true,
): SyntaxMistake => ({ start, end, message, fixes: [{ title, preferred, edits }] });

/** The line where the parser stopped, the one behind it, then those above that hold something. */
function linesAround(text: string, offset: number): readonly Line[] {
  const at = lineAt(text, offset);
  const next = at.end < text.length ? lineAt(text, endWithNewline(text, at.end)) : undefined;
  const above: Line[] = [];
  for (let start = at.start; start > 0 && above.length < LINES_ABOVE; ) {
    const line = lineAt(text, start - 1);
    if (line.text.trim() !== '') above.push(line);
    start = line.start;
  }
  return [at, ...above, ...(next === undefined ? [] : [next])].filter((line) => line.text.trim() !== '');
}

function lineAt(text: string, offset: number): Line {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', Math.max(start, Math.min(offset, text.length)));
  let end = newline === -1 ? text.length : newline;
  if (text[end - 1] === '\r' && end > start) end -= 1;
  return { start, end, text: text.slice(start, end) };
}

function endWithNewline(text: string, end: number): number {
  const newline = text.indexOf('\n', end);
  return newline === -1 ? text.length : newline + 1;
}

/** Without the comment at its end and the spaces before it. */
function body(line: string): string {
  return line.replace(/[ \t]#.*$/, '').trimEnd();
}

function mergeConflict(text: string): SyntaxMistake | undefined {
  const match = /^<{7}(?: [^\r\n]*)?$/m.exec(text);
  if (match === null || !/^>{7}/m.test(text)) return undefined;
  const message = 'a merge was not finished here (<<<<<<<); keep one side and remove the marks';
  return { start: match.index, end: match.index + match[0].length, message, fixes: [] };
}

function* tabs(text: string): Generator<SyntaxMistake> {
  const found = [...text.slice(0, MOST_PARSED).matchAll(/^( *)(\t[ \t]*)(?=[^\s#])/gm)];
  const [first] = found;
  if (first === undefined) return;
  const place = (match: RegExpExecArray): { start: number; end: number } => {
    const start = match.index + (match[1] ?? '').length;
    return { start, end: start + (match[2] ?? '').length };
  };
  const { start, end } = place(first);
  const message = 'YAML is indented with spaces; replace the tab';
  for (const width of [2, 4, 1]) {
    const edits = found.map((match) => ({
      ...place(match),
      newText: (match[2] ?? '').replaceAll('\t', ' '.repeat(width)),
    }));
    yield one(
      start,
      end,
      message,
      found.length === 1 ? 'Replace the tab by spaces' : 'Replace all tabs by spaces',
      edits,
    );
  }
}

function badEscape(text: string, { start }: Stumble): SyntaxMistake {
  const at = text[start] === '\\' ? start : text.indexOf('\\', start);
  const message = 'this is no escape in double quotes; write \\\\ for a backslash, or use single quotes';
  return one(at, at + 2, message, 'Write \\\\', [insertion(at, '\\')]);
}

/** It looks like a space, and is none to YAML. */
function* noBreakSpace(line: Line): Generator<SyntaxMistake> {
  const at = line.text.search(/[\u00A0\u2007\u202F\u3000]/);
  if (at === -1) return;
  const start = line.start + at;
  const message = 'this looks like a space and is another character; write a plain space';
  yield one(start, start + 1, message, 'Replace it by a space', [{ start, end: start + 1, newText: ' ' }]);
}

function* dashes(line: Line): Generator<SyntaxMistake> {
  const written = line.text.trimEnd();
  if (!/^(?:--|-{4,10}|[–—]{1,3})$/.test(written)) return;
  const { start } = line;
  const end = start + written.length;
  yield one(start, end, 'three dashes (---) stand between two documents', 'Change to ---', [
    { start, end, newText: '---' },
  ]);
}

/** `issuer:local-ca` */
function* spaceAfterColon(line: Line): Generator<SyntaxMistake> {
  const [, before, key] = /^([ \t]*(?:- +)*)([A-Za-z][\w-]{0,63}):(?=[^\s:/])/.exec(line.text) ?? [];
  if (before === undefined || key === undefined) return;
  const start = line.start + before.length;
  const message = `a space is missing after the colon; write ${key}: and then the value`;
  const colon = start + key.length + 1;
  yield one(start, line.start + body(line.text).length, message, 'Add a space after the colon', [
    insertion(colon, ' '),
  ]);
}

/** `issuer local-ca`, `issuer = local-ca` */
function* noColon(line: Line): Generator<SyntaxMistake> {
  const [, before, key, between] =
    /^([ \t]*(?:- +)*)([A-Za-z][\w-]{0,63})( {0,8}[=;] {0,8}| {1,8})(?=\S)/.exec(line.text) ?? [];
  if (before === undefined || key === undefined || between === undefined) return;
  const isKnown = fieldsOfAllKinds().has(key);
  if (!isKnown && !/[=;]/.test(between)) return;
  const start = line.start + before.length;
  const message = /[=;]/.test(between)
    ? `a colon (:) stands between a key and its value, not ${between.trim()}; write ${key}: and then the value`
    : `a colon is missing; write ${key}: and then the value`;
  const at = start + key.length;
  const edit = { start: at, end: at + between.length, newText: ': ' };
  yield one(start, line.start + body(line.text).length, message, 'Add the colon', [edit], isKnown);
}

function* halfTyped(line: Line): Generator<SyntaxMistake> {
  const [, before, word] = /^([ \t]*(?:- +)*)([A-Za-z][\w-]{0,63})[ \t]*$/.exec(line.text) ?? [];
  if (before === undefined || word === undefined) return;
  const start = line.start + before.length;
  const shown = quotable(word);
  const message = `${shown ?? 'this'} is no entry yet; write ${shown === undefined ? 'a key' : word}: and a value`;
  yield { start, end: start + word.length, message, fixes: [] };
}

/** Where a value begins in a line: behind `key: ` and `- `. */
function valueStart(text: string): number {
  return /^[ \t]*(?:- +)*(?:[^\s:#'"[\]{},][^:#'"[\]{},]{0,63}: +)?/.exec(text)?.[0].length ?? 0;
}

/** `[a, b`, `[a, b}`, `[a]]` on a line of their own. */
function* brackets(line: Line): Generator<SyntaxMistake> {
  const from = valueStart(line.text);
  const text = body(line.text);
  if (!/[[\]{}]/.test(text.slice(from))) return;
  const { open, wrong } = unclosed(text, from);
  if (wrong !== undefined) {
    const start = line.start + wrong.at;
    const here = { start, end: start + 1 };
    const is = text[wrong.at] ?? '';
    if (wrong.wanted === undefined)
      yield one(here.start, here.end, `there is one ${is} too many; remove it`, `Remove the ${is}`, [
        { ...here, newText: '' },
      ]);
    else
      yield one(
        here.start,
        here.end,
        `this closes with ${is} what is open with another sign; write ${wrong.wanted}`,
        `Change to ${wrong.wanted}`,
        [{ ...here, newText: wrong.wanted }],
      );
    return;
  }
  const last = open.at(-1);
  const [outer] = open;
  if (last === undefined || outer === undefined) return;
  const closers = open
    .map(({ closer }) => closer)
    .reverse()
    .join('');
  const spaced = last.closer === '}' && text[last.at + 1] === ' ' ? ` ${closers}` : closers;
  const start = line.start + outer.at;
  const at = line.start + text.replace(/,$/, '').length;
  yield one(
    start,
    start + 1,
    `this ${text[outer.at]} is never closed; put ${outer.closer} where it ends`,
    `Close it with ${closers}`,
    [insertion(at, spaced)],
  );
}

/** `"text` without its end; `"text" more` behind it. */
function* quotes(line: Line): Generator<SyntaxMistake> {
  const text = body(line.text);
  for (const at of quoteStarts(text)) {
    const quote = text[at] ?? '"';
    const close = closingQuote(text, at);
    const start = line.start + at;
    if (close === undefined) {
      const flow = isFlow(text, at);
      const tail = flow ? (/[\s,\]}]*$/.exec(text)?.[0].length ?? 0) : 0;
      const message = `this quote is never closed; put ${quote} where the text ends`;
      const end = line.start + text.length - tail;
      yield one(start, start + 1, message, `Close it with ${quote}`, [insertion(end, quote)]);
      // Half-typed: what is open around it is closed with it.
      const { open } = unclosed(text.slice(0, at), valueStart(text));
      const closers = open
        .map(({ closer }) => closer)
        .reverse()
        .join('');
      if (flow)
        yield one(start, start + 1, message, `Close it with ${quote}`, [insertion(end, quote + closers)]);
      return;
    }
    const rest = text.slice(close + 1);
    const behind = (isFlow(text, at) ? /^[^,\]}]*/.exec(rest)?.[0] : rest)?.trimEnd() ?? '';
    if (behind === '' || /^ *:|["']/.test(behind)) continue;
    const from = line.start + close;
    const until = from + 1 + behind.length;
    const message = 'this stands behind the closing quote; put it inside the quotes';
    const edits = [{ start: from, end: from + 1, newText: '' }, insertion(until, quote)];
    yield one(from + 1, until, message, 'Put it inside the quotes', edits);
  }
}

/** Inside brackets or braces of its line. */
function isFlow(text: string, at: number): boolean {
  return /[[{]/.test(text.slice(valueStart(text), at));
}

function* quoteStarts(text: string): Generator<number> {
  for (let at = valueStart(text); at < text.length; at++) {
    const isStart = /["']/.test(text[at] ?? '') && /(?:^|[\s[{,])$/.test(text.slice(Math.max(0, at - 1), at));
    if (!isStart) continue;
    yield at;
    at = closingQuote(text, at) ?? text.length;
  }
}

function closingQuote(text: string, open: number): number | undefined {
  const quote = text[open];
  for (let at = open + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") at += 1;
      else return at;
    }
  }
  return undefined;
}

/** `{ environment: production tier: web }` */
function* commaInMap(line: Line): Generator<SyntaxMistake> {
  const text = body(line.text);
  const from = valueStart(text);
  const match = /: *([^\s,{}[\]:"']+|"[^"]{0,200}"|\]|\}) +(?=(["']?[\w-]{1,64}["']?): )/.exec(
    text.slice(from),
  );
  if (match === null || !/^[[{]/.test(text.slice(from))) return;
  const value = from + match.index + match[0].length - match[0].replace(/^: */, '').length;
  const end = line.start + (/^[^,}\]]*/.exec(text.slice(value))?.[0].trimEnd().length ?? 0) + value;
  const at = line.start + value + (match[1] ?? '').length;
  yield one(line.start + value, end, 'a comma is missing between two entries', 'Add the comma', [
    insertion(at, ','),
  ]);
}

const SIGNS: Readonly<Record<string, string>> = {
  '{': 'braces begin a map',
  '[': 'brackets begin a list',
  '@': '@ begins no plain text in YAML',
  '`': '` begins no plain text in YAML',
  '%': '% begins no plain text in YAML',
  '&': '& begins an anchor',
  '!': '! begins a tag',
  '|': '| begins a text of several lines',
  '>': '> begins a text of several lines',
};

/** `{machine}/tls.pem`, `@team`, `a: b`: text that YAML reads as something else. */
function* needsQuotes(line: Line): Generator<SyntaxMistake> {
  const text = body(line.text);
  const from = valueStart(text);
  const value = text.slice(from);
  const why =
    SIGNS[value[0] ?? ''] ?? (from > 0 && /: /.test(value) ? 'a colon and a space begin a value' : undefined);
  // A map or list that is not closed is no text.
  const isOpen = /^[[{]/.test(value) && !/^(?:\{[^{}]*\}|\[[^[\]]*\])[^\s,}\]]/.test(value);
  if (value === '' || why === undefined || isOpen) return;
  const start = line.start + from;
  const end = start + value.length;
  yield one(start, end, `${why}; put this text in quotes`, 'Put it in quotes', [
    { start, end, newText: JSON.stringify(value) },
  ]);
}

/** A line that stands in another column than its neighbours. */
function* indentation(text: string, line: Line): Generator<SyntaxMistake> {
  const [, spaces, key] = /^( *)((?:- +)?["']?[A-Za-z][\w-]{0,63}["']?)(?=:(?: |$))/.exec(line.text) ?? [];
  if (spaces === undefined || key === undefined) return;
  const is = spaces.length;
  const columns = [...neighbours(text, line)];
  for (const column of [...new Set(columns)].filter((each) => each !== is && Math.abs(each - is) <= 4)) {
    const start = line.start + is;
    const shown = quotable(key);
    const message = `${shown ?? 'this line'} is indented by ${count(is)}; its neighbours by ${count(column)}`;
    const edit = { start: line.start, end: start, newText: ' '.repeat(column) };
    yield one(start, start + key.length, message, `Indent it by ${count(column)}`, [edit]);
  }
}

const count = (spaces: number): string => `${spaces} space${spaces === 1 ? '' : 's'}`;

/** Columns of keys in the lines beside: below first, since what is above may be deeper. */
function* neighbours(text: string, line: Line): Generator<number> {
  const columns = (beside: Line): readonly number[] => {
    const [, spaces, dash = ''] = /^( *)((?:- +)*)[^\s#]/.exec(beside.text) ?? [];
    if (spaces === undefined) return [];
    return dash === '' ? [spaces.length] : [spaces.length + dash.length, spaces.length];
  };
  let above = line;
  for (let steps = 0; steps < 2 && above.start > 0; steps++) {
    above = lineAt(text, above.start - 1);
    yield* columns(above);
  }
  const below = endWithNewline(text, line.end);
  if (below < text.length) yield* columns(lineAt(text, below));
}
