import type { DashboardWords } from '../../dashboardWords.ts';
import { element, refill } from '../element.ts';
import { counted, fill, formatNumber } from '../host.ts';
import { daysAfter, daysBetween, dayText, longDay, mediumDay, monthOf } from './dates.ts';
import type { Dashboard, Span, StateSeries, Timeline } from './figures.ts';
import type { Grouping } from './messages.ts';
import { spanGlyph } from './spanGlyph.ts';
import { drawTimeline, plotOf, type Unit } from './timelineChart.ts';

export interface OutlookEvents {
  dayChosen(day: number): void;
  unitChosen(unit: Unit): void;
  lead(by: Grouping, value: string): void;
}

export interface OutlookSection {
  readonly root: HTMLElement;
  show(figures: Dashboard): void;
  readonly day: number;
}

type Named = Span | 'due';
const THUMB = 16;
/** So long nobody moved the slider: then what it shows is said aloud, once. */
const QUIET_MS = 500;

/** What ends when: the state on the chosen day, the chart, and the slider that is the chart's own scale. */
export function outlookSection(
  words: DashboardWords,
  start: { readonly date: string | null; readonly unit: Unit },
  events: OutlookEvents,
): OutlookSection {
  let figures: Dashboard | undefined;
  let day = 0;
  /** A day of the last time, until there are figures to place it in. */
  let wanted = start.date;
  let unit = start.unit;

  const headline = element('p', { class: 'headline' });
  const note = element('p', { class: 'muted note' });
  const spoken = element('p', { class: 'spoken', role: 'status' });
  const tiles = element('dl', { class: 'tiles' });
  const values = new Map<
    Named,
    { readonly number: HTMLElement; readonly change: HTMLElement; readonly label: HTMLButtonElement }
  >();
  for (const name of ['expired', 'within7Days', 'within30Days', 'within90Days', 'later', 'due'] as const) {
    const number = element('span', { class: 'figure' });
    const change = element('span', { class: 'change muted' });
    const label = element(
      'button',
      { type: 'button', class: 'link', title: words.showInInventory },
      words[name],
    );
    label.addEventListener('click', () =>
      name === 'due' ? events.lead('state', name) : events.lead('expiry', name),
    );
    values.set(name, { number, change, label });
    tiles.append(
      element(
        'div',
        { class: 'tile', 'data-span': name },
        element('dt', {}, spanGlyph(name), label),
        element('dd', {}, number, change),
      ),
    );
  }
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'timeline');
  svg.setAttribute('role', 'img');
  const slider = element('input', { type: 'range', id: 'day', min: 0, max: 90, step: 1, value: 0 });
  const date = element('input', { type: 'date', id: 'date' });
  const today = element('button', { type: 'button', class: 'quiet' }, words.today);
  const ahead = element('output', { class: 'muted', for: 'day' });
  const units = unitChoice(words, unit, (chosen) => {
    unit = chosen;
    events.unitChosen(chosen);
    draw();
  });
  const nothing = element('p', { class: 'muted', hidden: true }, words.nothingEnds);
  const table = element('tbody');
  const tableHead = element('th', { scope: 'col' });
  const chart = element('div', { class: 'chart' }, svg);
  const slide = element('div', { class: 'slide' }, slider);
  const controls = element(
    'div',
    { class: 'controls' },
    element('label', { for: 'day' }, words.lookAhead),
    ahead,
    element('span', { class: 'spacer' }),
    element('label', { for: 'date' }, words.date),
    date,
    today,
  );
  const content = element(
    'div',
    {},
    element('div', { class: 'lead' }, headline, note),
    tiles,
    element('div', { class: 'figure-box' }, chart, slide, controls),
    element(
      'details',
      {},
      element('summary', {}, words.asTable),
      element(
        'table',
        { class: 'plain' },
        element(
          'thead',
          {},
          element('tr', {}, tableHead, element('th', { scope: 'col', class: 'number' }, words.ends)),
        ),
        table,
      ),
    ),
  );
  const root = element(
    'section',
    { 'aria-labelledby': 'outlook' },
    element('div', { class: 'section-head' }, element('h2', { id: 'outlook' }, words.outlook), units),
    nothing,
    content,
    spoken,
  );

  const choose = (chosen: number): void => {
    if (figures === undefined) return;
    day = Math.max(0, Math.min(lastDay(figures), chosen));
    slider.value = String(Math.min(day, figures.horizonDays));
    update();
    events.dayChosen(day);
  };
  slider.addEventListener('input', () => choose(Number(slider.value)));
  date.addEventListener('change', () => {
    if (figures !== undefined && date.value !== '') choose(daysBetween(figures.now, date.value));
  });
  today.addEventListener('click', () => choose(0));
  new ResizeObserver(() => draw()).observe(chart);

  let quiet: ReturnType<typeof setTimeout> | undefined;
  const update = (): void => {
    if (figures === undefined) return;
    const at = daysAfter(figures.now, day);
    const state = stateAt(figures.series, day);
    const before = stateAt(figures.series, 0);
    refill(headline, ...headlineParts(words, day === 0 ? null : longDay(at), state));
    note.textContent = day === 0 ? besidesText(words, figures) : renewalText(words, figures, day);
    for (const [name, { number, change, label }] of values) {
      // The inventory is of today.
      label.disabled = day > 0;
      number.textContent = formatNumber(state[name]);
      change.textContent = changeText(words, state[name] - before[name]);
    }
    date.value = dayText(at);
    ahead.textContent = day === 0 ? words.today : counted(words.inDays, day);
    today.disabled = day === 0;
    const said = `${day === 0 ? words.nowHeadline : longDay(at)}: ${stateText(words, state)}`;
    slider.setAttribute('aria-valuetext', said);
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      // The slider says it by itself while it has the focus.
      spoken.textContent = document.activeElement === slider ? '' : said;
    }, QUIET_MS);
    draw();
  };
  const draw = (): void => {
    if (figures === undefined || chart.clientWidth === 0) return;
    const timeline = unit === 'week' ? figures.weeks : figures.months;
    const width = chart.clientWidth;
    const plot = plotOf(timeline, width);
    drawTimeline(svg, figures, unit, day, width, words);
    slider.style.marginInlineStart = `${plot.left - THUMB / 2}px`;
    slider.style.width = `${plot.width + THUMB}px`;
    tableHead.textContent = unit === 'week' ? words.week : words.month;
    table.replaceChildren(...tableRows(words, timeline, unit));
  };
  return {
    root,
    get day() {
      return day;
    },
    show(shown) {
      figures = shown;
      if (wanted !== null) day = Math.max(0, daysBetween(shown.now, wanted));
      wanted = null;
      day = Math.min(day, lastDay(shown));
      slider.max = String(shown.horizonDays);
      slider.value = String(Math.min(day, shown.horizonDays));
      date.min = dayText(new Date(shown.now));
      date.max = dayText(daysAfter(shown.now, lastDay(shown)));
      const isEmpty = shown.lives.dated === 0;
      nothing.hidden = !isEmpty;
      nothing.textContent = [words.nothingEnds, besidesText(words, shown)].join(' ');
      content.hidden = isEmpty;
      units.hidden = isEmpty;
      update();
    },
  };
}

/** After the last change nothing changes any more. */
function lastDay({ series, horizonDays }: Dashboard): number {
  return Math.max(horizonDays, series.days.at(-1) ?? 0);
}

function stateAt(series: StateSeries, day: number): Readonly<Record<Named, number>> {
  const after = series.days.findIndex((each) => each > day);
  const place = after === -1 ? series.days.length - 1 : after - 1;
  const at = (name: Named): number => series[name][place] ?? 0;
  return {
    expired: at('expired'),
    due: at('due'),
    within7Days: at('within7Days'),
    within30Days: at('within30Days'),
    within90Days: at('within90Days'),
    later: at('later'),
  };
}

function stateText(words: DashboardWords, { expired, due }: Readonly<Record<Named, number>>): string {
  return `${fill(words.expiredLower, expired)}, ${fill(words.dueLower, due)}`;
}

function headlineParts(
  words: DashboardWords,
  on: string | null,
  state: Readonly<Record<Named, number>>,
): readonly Node[] {
  return [
    element('span', {}, `${on === null ? words.nowHeadline : fill(words.onHeadline, on)}: `),
    element('strong', {}, stateText(words, state)),
  ];
}

function renewalText(words: DashboardWords, figures: Dashboard, day: number): string {
  // The answer for this very day is on its way.
  if (daysBetween(figures.now, figures.on) !== day) return '';
  return figures.renewals === 0 ? words.noRenewals : counted(words.renewals, figures.renewals);
}

function changeText(words: DashboardWords, change: number): string {
  if (change === 0) return '';
  return change > 0 ? fill(words.moreThanToday, change) : fill(words.fewerThanToday, -change);
}

function besidesText(words: DashboardWords, { lives }: Dashboard): string {
  const parts = (['unissued', 'endless', 'elsewhere', 'ended'] as const)
    .filter((life) => lives[life] > 0)
    .map((life) => counted(words[life], lives[life]));
  return parts.length === 0 ? '' : fill(words.besides, parts.join(', '));
}

function tableRows(words: DashboardWords, timeline: Timeline, unit: Unit): readonly HTMLElement[] {
  const row = (name: string, ends: number): HTMLElement =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', { class: 'number' }, formatNumber(ends)),
    );
  const { overdue, buckets, later } = timeline;
  return [
    ...(overdue > 0 ? [row(words.overdue, overdue)] : []),
    ...buckets
      .filter(({ ends }) => ends > 0)
      .map(({ from, ends }) => {
        const at = new Date(from);
        return row(unit === 'week' ? mediumDay(at) : monthOf(at), ends);
      }),
    ...(later > 0 ? [row(words.afterwards, later)] : []),
  ];
}

function unitChoice(words: DashboardWords, chosen: Unit, choose: (unit: Unit) => void): HTMLElement {
  const option = (unit: Unit, text: string): readonly HTMLElement[] => {
    const input = element('input', {
      type: 'radio',
      name: 'unit',
      id: `unit-${unit}`,
      value: unit,
      checked: unit === chosen,
    });
    input.addEventListener('change', () => choose(unit));
    return [input, element('label', { for: `unit-${unit}` }, text)];
  };
  return element(
    'fieldset',
    { class: 'segments' },
    element('legend', { class: 'spoken' }, words.chartUnit),
    ...option('week', words.perWeek),
    ...option('month', words.perMonth),
  );
}
