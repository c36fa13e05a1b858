/** An editor's text, edited in the plainest way: what faster ways are compared with. */
import type { Position, Range } from './lspClient.ts';

/** Lines end at LF, CRLF and CR; what lies behind a line's end is that end. */
function offsetAt(text: string, { line, character }: Position): number {
  if (line < 0) return 0;
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
  if (text === '' || /[\r\n]$/.test(text)) lines.push('');
  if (line >= lines.length) return text.length;
  const start = lines.slice(0, line).join('').length;
  const length = lines[line]?.replace(/[\r\n]+$/, '').length ?? 0;
  return start + Math.min(Math.max(0, character), length);
}

function offsetsOf(text: string, { start, end }: Range): readonly [number, number] {
  const one = offsetAt(text, start);
  const other = offsetAt(text, end);
  const isForward = start.line < end.line || (start.line === end.line && start.character <= end.character);
  return isForward ? [one, other] : [other, one];
}

export function edited(text: string, range: Range, inserted: string): string {
  const [start, end] = offsetsOf(text, range);
  return text.slice(0, start) + inserted + text.slice(end);
}

export function partOf(text: string, range: Range): string {
  return text.slice(...offsetsOf(text, range));
}
