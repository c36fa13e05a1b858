import { linkHorizontal } from 'd3-shape';
import type { DashboardWords } from '../../dashboardWords.ts';
import { refill, shape } from '../element.ts';
import { fill, formatNumber } from '../host.ts';
import type { Impact, ImpactNode, Layer } from './figures.ts';

/** From cause to who notices, left to right. Layers of one column stand one below the other. */
const COLUMNS: readonly (readonly Layer[])[] = [
  ['backends', 'bundles', 'identities'],
  ['machines', 'consumers'],
];
const BOX = 40;
/** Of one line. */
const LOW_BOX = 28;
const BETWEEN = 10;
const TITLE = 26;
const GAP = 18;
/** Below this the boxes have no room; the list says the same. */
const NARROWEST = 620;
const LINK_SPACE = 72;
const TEXT_PADDING = 12;

interface Box {
  readonly id: string;
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly first: string;
  readonly second: string;
  readonly label: string;
  readonly node: ImpactNode | undefined;
}

/** A manifest to what hangs on that, an owner's to the inventory. A consumer is a name, and the rest is many. */
export function leadsOn({ group, kind }: ImpactNode): boolean {
  return group === 'owner' || (group === null && kind !== null);
}

/** Draws what hangs on what. Boxes are buttons: one of them is in the order of Tab, arrow keys lead to the others. */
export function drawGraph(
  svg: SVGSVGElement,
  impact: Impact,
  width: number,
  words: DashboardWords,
  choose: (node: ImpactNode) => void,
): void {
  svg.toggleAttribute('hidden', width < NARROWEST || impact.layers.length === 0);
  if (svg.hasAttribute('hidden')) return;
  const boxWidth = Math.floor((width - 2 - 2 * LINK_SPACE) / 3);
  const xOf = (column: number): number => 1 + column * (boxWidth + LINK_SPACE);
  const titles: SVGElement[] = [];
  const boxes: Box[] = [];
  let height = 0;
  let first = 0;
  for (const [place, layers] of COLUMNS.entries()) {
    const column = place + 1;
    let y = 0;
    for (const { layer, total, nodes } of impact.layers.filter((each) => layers.includes(each.layer))) {
      if (y > 0) y += GAP;
      titles.push(
        shape(
          'text',
          { class: 'layer-title', x: xOf(column), y: y + 14 },
          `${words.layers[layer]} · ${formatNumber(total)}`,
        ),
      );
      y += TITLE;
      for (const node of nodes) {
        const texts = textsOf(node, words);
        const boxHeight = texts.second === '' ? LOW_BOX : BOX;
        boxes.push({ id: node.id, column, x: xOf(column), y, height: boxHeight, node, ...texts });
        y += boxHeight + BETWEEN;
      }
    }
    height = Math.max(height, y);
    first ||= y;
  }
  const middle = Math.max(TITLE, (first - BOX) / 2);
  const [kind = '', ...name] = impact.subject.split('/');
  boxes.unshift({
    id: impact.subject,
    column: 0,
    x: xOf(0),
    y: middle,
    height: BOX,
    first: name.join('/'),
    second: kind,
    label: `${name.join('/')}, ${kind}, ${words.chosen}`,
    node: undefined,
  });

  const places = new Map(boxes.map((box) => [box.id, box]));
  const links = boxes.flatMap((box) =>
    (box.node?.needs ?? []).flatMap((need) => {
      const from = places.get(need);
      // Within one column a line would run through the boxes between; the list says it.
      return from === undefined || from.column === box.column ? [] : [link(from, box, boxWidth)];
    }),
  );
  svg.setAttribute('viewBox', `0 0 ${width} ${Math.max(height, middle + BOX + 2)}`);
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(Math.max(height, middle + BOX + 2)));
  const drawn = boxes.map((box) => drawBox(box, boxWidth));
  refill(svg, shape('g', { class: 'links', 'aria-hidden': 'true' }, ...links), ...titles, ...drawn);
  listen(svg, boxes, choose);
}

function textsOf(node: ImpactNode, words: DashboardWords): Pick<Box, 'first' | 'second' | 'label'> {
  if (node.group === null) {
    const first = node.name ?? '';
    const second = [node.kind, node.namespace || undefined, node.status ?? undefined]
      .filter((part) => part !== undefined && part !== null)
      .join(' · ');
    return { first, second, label: second === '' ? first : `${first}, ${second}` };
  }
  const counts = fill(words.layerCounts[node.layer][node.count === 1 ? 'one' : 'many'], node.count);
  const first = node.group === 'rest' ? fill(words.groupRest, node.count) : (node.name ?? words.nobody);
  const second = node.group === 'rest' ? words.layers[node.layer] : counts;
  return { first, second, label: `${first}, ${second}` };
}

function drawBox({ id, x, y, height, first, second, label, node }: Box, width: number): SVGElement {
  const isGroup = (node?.count ?? 1) > 1;
  return shape(
    'g',
    {
      class: `node${node === undefined ? ' subject' : ''}${node !== undefined && leadsOn(node) ? ' leads' : ''}`,
      transform: `translate(${x},${y})`,
      // All can be reached, to be read; not all lead on.
      role: node !== undefined && leadsOn(node) ? 'button' : 'img',
      tabindex: node === undefined ? 0 : -1,
      'data-key': id,
    },
    // Its name, in full: what is seen may be cut off.
    shape('title', {}, label),
    // A second edge behind it: there are several.
    isGroup ? shape('rect', { class: 'behind', x: 4, y: 4, width: width - 4, height, rx: 4 }) : undefined,
    shape('rect', { class: 'box', width: isGroup ? width - 4 : width, height, rx: 4 }),
    shape(
      'text',
      { class: 'node-name', x: TEXT_PADDING, y: second === '' ? 19 : 17 },
      fitting(first, width, '600'),
    ),
    second === ''
      ? undefined
      : shape('text', { class: 'node-note', x: TEXT_PADDING, y: 32 }, fitting(second, width, '400')),
  );
}

const context = document.createElement('canvas').getContext('2d');

/** SVG cuts no text off by itself. */
function fitting(text: string, width: number, weight: string): string {
  if (context === null) return text;
  const style = getComputedStyle(document.body);
  context.font = `${weight} ${style.fontSize} ${style.fontFamily}`;
  const room = width - 2 * TEXT_PADDING;
  if (context.measureText(text).width <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const half = Math.ceil((low + high) / 2);
    if (context.measureText(`${text.slice(0, half)}…`).width <= room) low = half;
    else high = half - 1;
  }
  return `${text.slice(0, low)}…`;
}

const curve = linkHorizontal<unknown, readonly [number, number]>()
  .x(([x]) => x)
  .y(([, y]) => y);

function link(from: Box, to: Box, width: number): SVGElement {
  const path = curve({
    source: [from.x + width, from.y + from.height / 2],
    target: [to.x, to.y + to.height / 2],
  });
  return shape('path', { class: 'link-line', d: path ?? '', 'data-from': from.id, 'data-to': to.id });
}

function listen(svg: SVGSVGElement, boxes: readonly Box[], choose: (node: ImpactNode) => void): void {
  const elements = [...svg.querySelectorAll<SVGGElement>('.node')];
  const mark = (id: string | undefined): void => {
    for (const line of svg.querySelectorAll<SVGPathElement>('.link-line'))
      line.classList.toggle(
        'lit',
        id !== undefined && (line.dataset['from'] === id || line.dataset['to'] === id),
      );
  };
  for (const [place, box] of boxes.entries()) {
    const group = elements[place];
    if (group === undefined) continue;
    const go = (to: Box | undefined): void => {
      const target = to === undefined ? undefined : elements[boxes.indexOf(to)];
      if (target === undefined) return;
      for (const each of elements) each.setAttribute('tabindex', each === target ? '0' : '-1');
      target.focus();
    };
    const take = (): void => {
      if (box.node !== undefined && leadsOn(box.node)) choose(box.node);
    };
    group.addEventListener('mouseenter', () => mark(box.id));
    group.addEventListener('mouseleave', () => mark(undefined));
    group.addEventListener('focus', () => mark(box.id));
    group.addEventListener('blur', () => mark(undefined));
    group.addEventListener('click', take);
    group.addEventListener('keydown', (event) => {
      const column = boxes.filter((each) => each.column === box.column);
      const at = column.indexOf(box);
      switch (event.key) {
        case 'ArrowDown':
          go(column[at + 1]);
          break;
        case 'ArrowUp':
          go(column[at - 1]);
          break;
        case 'ArrowRight':
          go(nearest(boxes, box, 1));
          break;
        case 'ArrowLeft':
          go(nearest(boxes, box, -1));
          break;
        case 'Enter':
        case ' ':
          take();
          break;
        default:
          return;
      }
      event.preventDefault();
    });
  }
}

function nearest(boxes: readonly Box[], from: Box, step: 1 | -1): Box | undefined {
  return boxes
    .filter(({ column }) => column === from.column + step)
    .sort((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y))[0];
}
