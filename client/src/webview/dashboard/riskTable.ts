import type { DashboardWords } from '../../dashboardWords.ts';
import { element, refill, shape } from '../element.ts';
import { counted, formatNumber } from '../host.ts';
import { mediumDay } from './dates.ts';
import type { Dashboard, Risk, Risks } from './figures.ts';

export interface RiskTable {
  readonly root: HTMLElement;
  show(figures: Dashboard): void;
}

interface RiskTableOptions {
  readonly id: string;
  readonly title: string;
  readonly what: string;
  /** Where nobody is named. */
  readonly unnamed: string;
  readonly more: { readonly one: string; readonly many: string };
  readonly risksOf: (figures: Dashboard) => Risks;
  readonly chosen: (risk: Risk) => void;
}

const BAR = 72;

/** Owners, or issuers: how many each has, and how many of them are at risk on the chosen day. */
export function riskTable(words: DashboardWords, options: RiskTableOptions): RiskTable {
  const body = element('tbody');
  const more = element('p', { class: 'muted note' });
  const column = (text: string, name = ''): HTMLElement => element('th', { scope: 'col', class: name }, text);
  const root = element(
    'section',
    { 'aria-labelledby': options.id },
    element(
      'div',
      { class: 'section-head' },
      element('h2', { id: options.id }, options.title),
      element('span', { class: 'muted' }, words.ownersHint),
    ),
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          column(options.what),
          column(words.count, 'number'),
          element('th', { 'aria-hidden': 'true', class: 'bar-column' }),
          column(words.expired, 'number'),
          column(words.due, 'number'),
          column(words.nextEnd, 'date'),
        ),
      ),
      body,
    ),
    more,
  );
  return {
    root,
    show(figures) {
      const risks = options.risksOf(figures);
      const most = Math.max(1, ...risks.groups.map(({ count }) => count));
      refill(body, ...risks.groups.map((risk) => riskRow(risk, most, figures, words, options)));
      more.textContent =
        risks.more === null
          ? ''
          : `${counted(options.more, risks.more.groups)}: ${counted(words.identities, risks.more.count)}`;
    },
  };
}

function riskRow(
  risk: Risk,
  most: number,
  { projects }: Dashboard,
  words: DashboardWords,
  { unnamed, chosen }: RiskTableOptions,
): HTMLElement {
  const { name, project, contact, count, expired, due, nextEnd } = risk;
  const button = element(
    'button',
    { type: 'button', class: 'link', 'data-key': `${project} ${name ?? ''}` },
    name ?? unnamed,
  );
  button.addEventListener('click', () => chosen(risk));
  const place = projects.length > 1 ? projects.find(({ root }) => root === project)?.name : undefined;
  return element(
    'tr',
    { class: name === null ? 'unnamed' : undefined },
    element(
      'th',
      { scope: 'row', title: contact ?? undefined },
      button,
      place === undefined ? undefined : element('span', { class: 'muted' }, ` ${place}`),
    ),
    element('td', { class: 'number' }, formatNumber(count)),
    element('td', { 'aria-hidden': 'true', class: 'bar-column' }, shareBar(count, expired, due, most)),
    element('td', { class: `number${expired > 0 ? ' bad' : ' zero'}` }, formatNumber(expired)),
    element('td', { class: `number${due > 0 ? ' soon' : ' zero'}` }, formatNumber(due)),
    element('td', { class: 'date' }, nextEnd === null ? words.none : mediumDay(new Date(nextEnd))),
  );
}

/** All of them, and of these what is expired and due: seen at once, read from the columns beside it. */
function shareBar(count: number, expired: number, due: number, most: number): SVGElement {
  const scale = (value: number): number => (value / most) * BAR;
  const part = (name: string, from: number, value: number): SVGElement | undefined =>
    value === 0
      ? undefined
      : shape('rect', { class: name, x: scale(from), y: 2, width: Math.max(2, scale(value)), height: 6 });
  return shape(
    'svg',
    { class: 'share', width: BAR, height: 10, viewBox: `0 0 ${BAR} 10` },
    part('rest', 0, count),
    part('soon', expired, due),
    part('bad', 0, expired),
  );
}
