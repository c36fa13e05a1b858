import { quotable } from '../../text/quote.ts';
import { endWithNewline, type Line, lineAt } from './lines.ts';
import { one, type SyntaxMistake } from './mistake.ts';

/** A line that stands in another column than its neighbours. */
export function* indentation(text: string, line: Line): Generator<SyntaxMistake> {
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
