import type { PlanChange, PlanPreview, PlanReach } from '../../core/lifecycle/planning/preview/preview.ts';
import { displayWidth } from './displayWidth.ts';
import { BLANK, type Line, line, lineWidth, paragraph, type Span, span } from './text.ts';

const REACH_TITLES: Readonly<Record<PlanReach['what'], string>> = {
  backend: 'Backend',
  consumer: 'Consumer',
  endpoint: 'Endpoint',
  outage: 'Outage',
};

/** What is new, before and after of what changes, what stays as it is, and whom the action reaches. */
export function previewText({ changes, reach }: PlanPreview, columns: number): readonly Line[] {
  const widest = Math.max(
    ...changes.map(({ title }) => (displayWidth(title) > TITLE_COLUMNS ? 0 : displayWidth(title))),
    ...reach.map(({ what }) => displayWidth(REACH_TITLES[what])),
  );
  const section = (title: string, rows: readonly (readonly Line[])[]): readonly Line[] =>
    rows.length === 0 ? [] : [line(span(title, 'strong')), ...rows.flat(), BLANK];
  const of = (which: (change: PlanChange) => boolean) =>
    changes.filter(which).map((change) => changeLines(change, widest, columns));
  return [
    ...section(
      'New',
      of((change) => change.changes && change.before === null),
    ),
    ...section(
      'Changes',
      of((change) => change.changes && change.before !== null),
    ),
    ...section(
      'Stays as it is',
      of((change) => !change.changes),
    ),
    ...section(
      'Reaches',
      reach.map((each) =>
        row(
          REACH_TITLES[each.what],
          widest,
          columns,
          each.name === '' ? each.detail : `${each.name}: ${each.detail}`,
        ),
      ),
    ),
  ];
}

/** A longer title, such as a path, has a line of its own. */
const TITLE_COLUMNS = 20;

function changeLines(
  { title, machines, before, after, changes }: PlanChange,
  widest: number,
  columns: number,
): readonly Line[] {
  const shown = `${title}${machines === undefined ? '' : ` (${machines.join(', ')})`}`;
  if (!changes || before === null) return row(shown, widest, columns, after ?? before ?? '');
  const from = span(before, 'quiet');
  const to = after === null ? span('gone', 'warning') : span(after);
  const arrow = span(' → ', 'quiet');
  const lead = leadOf(shown, widest);
  const own = displayWidth(shown) > widest;
  const one: Line = [...lead, from, arrow, to];
  if (!own && lineWidth(one) <= columns) return [one];
  const margin = span(' '.repeat(widest + 4));
  const under = [
    ...paragraph([margin], before, columns, 'quiet'),
    ...paragraph([span(' '.repeat(widest + 2)), span('→ ', 'quiet')], after ?? 'gone', columns),
  ];
  return own
    ? [line(span(`  ${shown}`)), ...under]
    : [[...lead, ...(under[0] ?? []).slice(1)], ...under.slice(1)];
}

function row(title: string, widest: number, columns: number, text: string): readonly Line[] {
  return displayWidth(title) > widest
    ? [line(span(`  ${title}`)), ...paragraph([span(' '.repeat(widest + 4))], text, columns)]
    : paragraph(leadOf(title, widest), text, columns);
}

function leadOf(title: string, widest: number): readonly Span[] {
  return [span(`  ${title}${' '.repeat(Math.max(0, widest - displayWidth(title)))}  `, 'quiet')];
}
