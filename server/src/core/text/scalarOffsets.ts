import type { Position, Range } from './position.ts';

/**
 * Where each character of a YAML scalar's value stands in its source, so that a mistake in the middle of an expression is shown
 * at its character, whether the scalar is plain, quoted or a block. `source` begins where the scalar does. The last entry is the
 * place behind the value.
 */
export function scalarOffsets(source: string, value: string): readonly number[] {
  const first = source[0];
  if (first === '|' || first === '>') return blockOffsets(source, value);
  const isDouble = first === '"';
  const isSingle = first === "'";
  let at = isDouble || isSingle ? 1 : 0;
  const offsets: number[] = [];
  for (let place = 0; place < value.length; place += 1) {
    const character = value[place] ?? '';
    if (isDouble) at = afterContinuations(source, at);
    if (source[at] !== character) at = afterIndentation(source, at, character);
    offsets.push(at);
    if (isDouble && source[at] === '\\') {
      const length = escapeLength(source, at);
      // One escape may stand for two code units.
      if (
        length === 10 &&
        Number.parseInt(source.slice(at + 2, at + 10), 16) > 0xffff &&
        place + 1 < value.length
      ) {
        place += 1;
        offsets.push(at);
      }
      at += length;
    } else if (isSingle && source[at] === "'") at += 2;
    else if (source[at] === character || !isSpace(source[at])) at += 1;
    else at = afterFold(source, at);
  }
  offsets.push(at);
  return offsets;
}

/** Of a block: each line has its indentation in front, and where lines are folded a line's end is a space, or nothing. */
function blockOffsets(source: string, value: string): readonly number[] {
  const indent = indentOf(source, value);
  const offsets: number[] = [];
  const atLine = (start: number): number => {
    let next = start;
    while (next < start + indent && source[next] === ' ') next += 1;
    return next;
  };
  let at = atLine(source.indexOf('\n') + 1);
  for (const character of value.split('')) {
    while (character !== '\n' && character !== ' ' && isLineEnd(source, at))
      at = atLine(afterLineEnd(source, at));
    offsets.push(at);
    at = isLineEnd(source, at) ? atLine(afterLineEnd(source, at)) : at + 1;
  }
  offsets.push(at);
  return offsets;
}

/** Spaces that the first line with content has before what it says. */
function indentOf(source: string, value: string): number {
  const ofSource = /\n( *)[^ \r\n]/.exec(source)?.[1] ?? '';
  const ofValue = /(?:^|\n)( *)[^ \n]/.exec(value)?.[1] ?? '';
  return Math.max(0, ofSource.length - ofValue.length);
}

const isLineEnd = (source: string, at: number): boolean =>
  source[at] === '\n' || source.startsWith('\r\n', at);

const afterLineEnd = (source: string, at: number): number => at + (source[at] === '\r' ? 2 : 1);

const isSpace = (character: string | undefined): boolean =>
  character === ' ' || character === '\n' || character === '\r' || character === '\t';

/** The indentation of a line is no part of the value; a fold is one space of it, or the line ends that it keeps. */
function afterIndentation(source: string, at: number, character: string): number {
  if (character === ' ' || character === '\n') return at;
  let next = at;
  while (isSpace(source[next])) next += 1;
  return next;
}

/** Spaces, a line's end and the indentation after it. */
function afterFold(source: string, at: number): number {
  let next = at;
  while (source[next] === ' ' || source[next] === '\t' || source[next] === '\r') next += 1;
  if (source[next] === '\n') next += 1;
  while (source[next] === ' ' || source[next] === '\t') next += 1;
  return next;
}

/** A backslash at a line's end joins it to the next. */
function afterContinuations(source: string, at: number): number {
  let next = at;
  while (source[next] === '\\' && (source[next + 1] === '\n' || source.startsWith('\r\n', next + 1)))
    next = afterFold(source, next + 1);
  return next;
}

const LONG_ESCAPES: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

function escapeLength(source: string, at: number): number {
  return LONG_ESCAPES[source[at + 1] ?? ''] ?? 2;
}

/** The range of a part of a scalar's value, where the scalar begins at `from` in its file. */
export function placeInScalar(
  source: string,
  value: string,
  from: Position,
  start: number,
  end: number,
): Range {
  const offsets = scalarOffsets(source, value);
  const last = Math.max(start, end - 1);
  const first = offsets[start] ?? source.length;
  const behind = end <= start ? first : (offsets[last] ?? source.length - 1) + 1;
  return { start: positionIn(source, from, first), end: positionIn(source, from, behind) };
}

function positionIn(source: string, from: Position, offset: number): Position {
  const before = source.slice(0, offset);
  const line = before.lastIndexOf('\n');
  if (line === -1) return { line: from.line, character: from.character + offset };
  return { line: from.line + (before.split('\n').length - 1), character: offset - line - 1 };
}
