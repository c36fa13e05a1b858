import { axisBottom, axisLeft } from 'd3-axis';
import { type ScaleLinear, type ScaleTime, scaleLinear, scaleUtc } from 'd3-scale';
import { select } from 'd3-selection';
import type { DashboardWords } from '../../dashboardWords.ts';
import { shape } from '../element.ts';
import { formatNumber } from '../host.ts';
import { daysAfter, mediumDay, monthOf, shortDay } from './dates.ts';
import type { Dashboard, Timeline } from './figures.ts';

export type Unit = 'week' | 'month';

const HEIGHT = 196;
const TOP = 26;
const BOTTOM = 24;
const AXIS = 36;
/** What is overdue, and what ends after the chart, stand apart: they have no place on its scale. */
const ASIDE = 76;
const ASIDE_BAR = 24;
const EDGE = 24;

interface Bar {
  readonly x: number;
  readonly width: number;
  readonly ends: number;
  readonly label: string;
  readonly is: 'overdue' | 'passed' | 'ahead';
}

/** Where the scale of days begins and ends in the picture: the slider below has the same. */
export interface Plot {
  readonly left: number;
  readonly width: number;
}

export function plotOf(timeline: Timeline, width: number): Plot {
  const left = AXIS + (timeline.overdue > 0 ? ASIDE : 0);
  return { left, width: Math.max(80, width - left - (timeline.later > 0 ? ASIDE : 12)) };
}

/** Bars by week or month, a line on the chosen day, and all that ends before it marked. */
export function drawTimeline(
  svg: SVGSVGElement,
  figures: Dashboard,
  unit: Unit,
  day: number,
  width: number,
  words: DashboardWords,
): void {
  const timeline = unit === 'week' ? figures.weeks : figures.months;
  const { left, width: plotWidth } = plotOf(timeline, width);
  const [now, end] = [new Date(figures.now), daysAfter(figures.now, figures.horizonDays)];
  const chosen = daysAfter(figures.now, day);
  const x = scaleUtc()
    .domain([now, end])
    .range([left, left + plotWidth]);
  const bars = barsOf(timeline, x, chosen, unit, words);
  const most = Math.max(1, ...bars.map(({ ends }) => ends));
  const y = scaleLinear()
    .domain([0, most])
    .nice(4)
    .range([HEIGHT - BOTTOM, TOP]);

  svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(HEIGHT));
  svg.setAttribute('aria-label', unit === 'week' ? words.chartWeek : words.chartMonth);
  svg.replaceChildren(hatch(), ...axes(x, y, width, plotWidth), ...bars.flatMap((bar) => drawn(bar, y)));
  if (timeline.overdue > 0) svg.append(aside(words.overdue, AXIS + ASIDE / 2 - 14));
  if (timeline.later > 0) svg.append(aside(words.afterwards, left + plotWidth + ASIDE / 2 + 4));
  if (day > 0) svg.append(...marker(x(chosen), shortDay(chosen), left + plotWidth));
}

function barsOf(
  timeline: Timeline,
  x: ScaleTime<number, number>,
  chosen: Date,
  unit: Unit,
  words: DashboardWords,
): readonly Bar[] {
  const [from = 0, until = 0] = x.range();
  const inside = timeline.buckets.flatMap(({ from: first, ends }, place): readonly Bar[] => {
    const start = new Date(first);
    const next = timeline.buckets[place + 1]?.from;
    const stop = next === undefined ? afterLast(start, unit) : new Date(next);
    const left = Math.max(from, x(start));
    const right = Math.min(until, x(stop));
    if (ends === 0 || right - left < 1) return [];
    const named = unit === 'week' ? mediumDay(start) : monthOf(start);
    return [
      {
        x: left + 1,
        width: Math.max(2, right - left - 2),
        ends,
        label: `${named}: ${formatNumber(ends)}`,
        is: stop <= chosen ? 'passed' : 'ahead',
      },
    ];
  });
  const { overdue, later } = timeline;
  const apart = (ends: number, middle: number, label: string, is: Bar['is']): readonly Bar[] =>
    ends === 0 ? [] : [{ x: middle - ASIDE_BAR / 2, width: ASIDE_BAR, ends, label, is }];
  return [
    ...apart(overdue, AXIS + ASIDE / 2 - 14, `${words.overdue}: ${formatNumber(overdue)}`, 'overdue'),
    ...inside,
    ...apart(later, until + ASIDE / 2 + 4, `${words.afterwards}: ${formatNumber(later)}`, 'ahead'),
  ];
}

function afterLast(start: Date, unit: Unit): Date {
  return unit === 'week'
    ? daysAfter(start.toISOString(), 7)
    : new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
}

/** Not by colour alone: what has passed is hatched. */
function hatch(): SVGElement {
  return shape(
    'defs',
    {},
    shape(
      'pattern',
      { id: 'hatch', width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      shape('rect', { class: 'hatch-ground', width: 5, height: 5 }),
      shape('rect', { class: 'hatch-line', width: 2, height: 5 }),
    ),
  );
}

function axes(
  x: ScaleTime<number, number>,
  y: ScaleLinear<number, number>,
  width: number,
  plotWidth: number,
): readonly SVGElement[] {
  const ticks = Math.max(2, Math.floor(plotWidth / 110));
  const bottom = shape('g', { class: 'axis x', transform: `translate(0,${HEIGHT - BOTTOM})` });
  const [from = 0] = x.range();
  select(bottom).call(
    axisBottom<Date>(x)
      // One at the very edge would run into what stands apart.
      .tickValues(x.ticks(ticks).filter((at) => x(at) > from + EDGE))
      .tickFormat((at) => (at.getUTCDate() === 1 ? monthOf(at) : shortDay(at)))
      .tickSizeOuter(0)
      .tickSizeInner(4)
      .tickPadding(6),
  );
  const left = shape('g', { class: 'axis y', transform: `translate(${AXIS - 6},0)` });
  const whole = y.ticks(4).filter(Number.isInteger);
  select(left).call(
    axisLeft<number>(y)
      .tickValues(whole)
      .tickFormat(formatNumber)
      .tickSizeInner(-(width - AXIS + 6))
      .tickPadding(8),
  );
  return [left, bottom];
}

function drawn({ x, width, ends, label, is }: Bar, y: ScaleLinear<number, number>): readonly SVGElement[] {
  const top = Math.min(y(ends), y(0) - 2);
  const bar = shape(
    'rect',
    { class: `bar ${is}`, x, y: top, width, height: y(0) - top, rx: Math.min(2, width / 2) },
    shape('title', {}, label),
  );
  if (width < 20) return [bar];
  return [bar, shape('text', { class: 'bar-value', x: x + width / 2, y: top - 5 }, formatNumber(ends))];
}

function aside(text: string, middle: number): SVGElement {
  return shape('text', { class: 'axis-note', x: middle, y: HEIGHT - BOTTOM + 17 }, text);
}

function marker(x: number, text: string, right: number): readonly SVGElement[] {
  const atEnd = x > right - 40;
  return [
    shape('line', { class: 'marker', x1: x, x2: x, y1: 14, y2: HEIGHT - BOTTOM }),
    shape('text', { class: `marker-text${atEnd ? ' at-end' : ''}`, x: atEnd ? x + 4 : x, y: 10 }, text),
  ];
}
