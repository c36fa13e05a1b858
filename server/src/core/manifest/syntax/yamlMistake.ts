import { fieldsOfAllKinds } from '../../schema/fieldsOfAllKinds.ts';
import { quotable } from '../../text/quote.ts';
import { unclosed } from './brackets.ts';
import { indentation } from './indentation.ts';
import { body, type Line, linesAround, valueStart } from './lines.ts';
import { edited, insertion, one, type SyntaxMistake } from './mistake.ts';
import { needsQuotes, quotes } from './quoting.ts';

/** What the parser stumbled over first. */
export interface Stumble {
  readonly code: string;
  readonly start: number;
  readonly end: number;
}

/** Bounds what is parsed again for one key: characters of all tries together, and tries. */
const MOST_PARSED = 160 * 1024;
const MOST_TRIED = 16;

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
  if (text.length > MOST_PARSED) return undefined;
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

function mergeConflict(text: string): SyntaxMistake | undefined {
  const match = /^<{7}(?: [^\r\n]*)?$/m.exec(text);
  if (match === null || !/^>{7}/m.test(text)) return undefined;
  const message = 'a merge was not finished here (<<<<<<<); keep one side and remove the marks';
  return { start: match.index, end: match.index + match[0].length, message, fixes: [] };
}

function* tabs(text: string): Generator<SyntaxMistake> {
  const found = [...text.matchAll(/^( *)(\t[ \t]*)(?=[^\s#])/gm)];
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
