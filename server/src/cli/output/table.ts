import { type Cell, fitLine, type Line, lineWidth, span } from './text.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Narrowed when the terminal is too narrow, highest number first; without one it keeps its width. */
  readonly shrink?: number;
  /** It is never made narrower than this. */
  readonly atLeast?: number;
  /** Left out when narrowing was not enough, highest number first. */
  readonly drop?: number;
}

interface LaidOut {
  readonly column: Column;
  readonly title: Line;
  readonly cells: readonly Line[];
  readonly natural: number;
}

const GAP = 2;

/** Aligned columns that fit into `columns` as far as they may give way. A column without content is left out. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: { readonly columns: number; readonly header: boolean },
): readonly Line[] {
  if (rows.length === 0) return [];
  const all = columns
    .map((column, index): LaidOut => {
      const cells = rows.map((row) => asLine(row[index] ?? ''));
      const title = [span(column.title, 'quiet')];
      const widest = Math.max(0, ...cells.map(lineWidth));
      return {
        column,
        title,
        cells,
        natural: widest === 0 ? 0 : Math.max(widest, options.header ? lineWidth(title) : 0),
      };
    })
    .filter((each) => each.natural > 0);
  const kept = drop(all, options.columns);
  const widths = shrink(kept, options.columns);
  const layOut = (cellOf: (each: LaidOut) => Line): Line =>
    kept.flatMap((each, position) => {
      const width = widths[position] ?? 0;
      const content = fitLine(cellOf(each), width);
      const padding = span(' '.repeat(Math.max(0, width - lineWidth(content))));
      const gap = position === 0 ? [] : [span(' '.repeat(GAP))];
      return each.column.align === 'right' ? [...gap, padding, ...content] : [...gap, ...content, padding];
    });
  const header = options.header ? [layOut((each) => each.title)] : [];
  return [...header, ...rows.map((_, index) => layOut((each) => each.cells[index] ?? []))];
}

function least(each: LaidOut): number {
  return each.column.shrink === undefined ? each.natural : Math.min(each.natural, each.column.atLeast ?? 8);
}

function drop(all: readonly LaidOut[], available: number): readonly LaidOut[] {
  let kept = all;
  const fits = () => kept.reduce((sum, each) => sum + least(each) + GAP, -GAP) <= available;
  const order = all
    .filter((each) => each.column.drop !== undefined)
    .sort((a, b) => (b.column.drop ?? 0) - (a.column.drop ?? 0));
  for (const each of order) {
    if (fits()) break;
    kept = kept.filter((other) => other !== each);
  }
  return kept;
}

function shrink(kept: readonly LaidOut[], available: number): readonly number[] {
  const widths = kept.map((each) => each.natural);
  const order = kept
    .map((each, index) => ({ each, index }))
    .filter(({ each }) => each.column.shrink !== undefined)
    .sort((a, b) => (b.each.column.shrink ?? 0) - (a.each.column.shrink ?? 0));
  for (const { each, index } of order) {
    const excess = widths.reduce((sum, width) => sum + width + GAP, -GAP) - available;
    if (excess <= 0) break;
    widths[index] = Math.max(least(each), each.natural - excess);
  }
  return widths;
}

function asLine(cell: Cell): Line {
  if (typeof cell === 'string') return [span(cell)];
  return 'text' in cell ? [cell] : cell;
}
