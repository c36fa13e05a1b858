import type { DashboardWords } from '../../dashboardWords.ts';
import { element, refill, shape } from '../element.ts';
import { counted, fill, formatNumber } from '../host.ts';
import { type AlgorithmUse, BINDINGS, type Dashboard } from './figures.ts';

export interface AlgorithmsSection {
  readonly root: HTMLElement;
  show(figures: Dashboard): void;
}

const BAR = 88;

/** Which keys there are, how long they will do, and what stands in the way of others. */
export function algorithmsSection(
  words: DashboardWords,
  chosen: (algorithm: string) => void,
): AlgorithmsSection {
  const body = element('tbody');
  const source = element('p', { class: 'muted note' });
  const sentence = element('p');
  const stack = element('div', { class: 'stack', 'aria-hidden': 'true' });
  const legend = element('ul', { class: 'legend' });
  const column = (text: string, name = ''): HTMLElement => element('th', { scope: 'col', class: name }, text);
  const content = element(
    'div',
    { class: 'algorithms' },
    element(
      'div',
      {},
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            column(words.algorithm),
            column(words.count, 'number'),
            element('th', { 'aria-hidden': 'true', class: 'bar-column' }),
            column(words.strength, 'number'),
            column(words.quantum),
            column(words.transition),
          ),
        ),
        body,
      ),
      source,
    ),
    element('div', { class: 'agility' }, element('h3', {}, words.agility), sentence, stack, legend),
  );
  const none = element('p', { class: 'muted' }, words.noKeys);
  const root = element(
    'section',
    { 'aria-labelledby': 'algorithms' },
    element('div', { class: 'section-head' }, element('h2', { id: 'algorithms' }, words.algorithms)),
    content,
    none,
  );
  return {
    root,
    show({ agility }) {
      const { algorithms, bindings } = agility;
      content.hidden = algorithms.length === 0;
      none.hidden = algorithms.length > 0;
      const most = Math.max(1, ...algorithms.map(({ count }) => count));
      refill(body, ...algorithms.map((use) => algorithmRow(words, use, most, chosen)));
      source.textContent = fill(words.source, agility.source);
      const keys = BINDINGS.reduce((sum, binding) => sum + bindings[binding], 0);
      sentence.textContent = counted(words.agile, keys, bindings.manifest);
      const used = BINDINGS.filter((binding) => bindings[binding] > 0);
      stack.replaceChildren(stackBar(used.map((binding) => [binding, bindings[binding]])));
      legend.replaceChildren(
        ...used.map((binding) =>
          element(
            'li',
            {},
            shape(
              'svg',
              { class: 'swatch', width: 10, height: 10, 'aria-hidden': 'true' },
              shape('rect', { class: `binding ${binding}`, width: 10, height: 10, rx: 2 }),
            ),
            element('span', { class: 'legend-number' }, formatNumber(bindings[binding])),
            element('span', {}, words.bindings[binding]),
          ),
        ),
      );
    },
  };
}

function algorithmRow(
  words: DashboardWords,
  use: AlgorithmUse,
  most: number,
  chosen: (algorithm: string) => void,
): HTMLElement {
  const { algorithm, count, strength, quantum, deprecatedAfter, disallowedAfter } = use;
  const button = element('button', { type: 'button', class: 'link', 'data-key': algorithm }, algorithm);
  button.addEventListener('click', () => chosen(algorithm));
  const years = [
    ...(deprecatedAfter === null ? [] : [fill(words.deprecatedAfter, String(deprecatedAfter))]),
    ...(disallowedAfter === null ? [] : [fill(words.disallowedAfter, String(disallowedAfter))]),
  ];
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, button),
    element('td', { class: 'number' }, formatNumber(count)),
    element(
      'td',
      { 'aria-hidden': 'true', class: 'bar-column' },
      shape(
        'svg',
        { class: 'share', width: BAR, height: 10, viewBox: `0 0 ${BAR} 10` },
        shape('rect', { class: 'rest', y: 2, width: Math.max(2, (count / most) * BAR), height: 6 }),
      ),
    ),
    element('td', { class: 'number' }, strength === null ? words.unknown : fill(words.bits, strength)),
    element('td', {}, words[quantum]),
    element('td', {}, years.length === 0 ? words.none : years.join(', ')),
  );
}

function stackBar(parts: readonly (readonly [string, number])[]): SVGElement {
  const total = parts.reduce((sum, [, count]) => sum + count, 0);
  const svg = shape('svg', {
    width: '100%',
    height: 14,
    viewBox: '0 0 1000 14',
    preserveAspectRatio: 'none',
  });
  let at = 0;
  for (const [binding, count] of parts) {
    const width = (count / Math.max(1, total)) * 1000;
    svg.append(
      shape('rect', { class: `binding ${binding}`, x: at, width: Math.max(2, width - 3), height: 14 }),
    );
    at += width;
  }
  return svg;
}
