import { type Line, lineWidth, paragraph, type Style, span } from './text.ts';

export type Outcome = 'ok' | 'failed' | 'unknown' | 'person';

const MARK: Readonly<Record<Outcome, readonly [string, Style]>> = {
  ok: ['ok', 'good'],
  failed: ['failed', 'error'],
  unknown: ['unknown', 'warning'],
  person: ['person', 'accent'],
};

export interface ChecklistItem {
  readonly what: string;
  readonly outcome: Outcome;
  readonly detail: string;
  readonly hint?: string;
}

/** Checks with their outcome as a word, what was seen, and what to do about it. */
export function checklist(items: readonly ChecklistItem[], columns: number): readonly Line[] {
  return items.flatMap(({ what, outcome, detail, hint }) => {
    const [word, style] = MARK[outcome];
    const head: Line = [span('  '), span(word.padEnd(7), style), span('  '), span(what)];
    const whole: Line = detail === '' ? head : [...head, span(`  ${detail}`, 'quiet')];
    const fits = lineWidth(whole) <= columns;
    return [
      fits ? whole : head,
      ...(fits ? [] : paragraph([span(' '.repeat(11))], detail, columns, 'quiet')),
      ...(hint === undefined || hint === ''
        ? []
        : paragraph([span(' '.repeat(11)), span('next  ', 'accent')], hint, columns)),
    ];
  });
}
