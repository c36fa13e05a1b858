import type { DashboardWords } from '../../dashboardWords.ts';
import { combobox } from '../combobox.ts';
import { element, refill } from '../element.ts';
import { counted, fill, formatNumber } from '../host.ts';
import type { Impact, ImpactNode, Subject } from './figures.ts';
import { drawGraph, leadsOn } from './impactGraph.ts';
import type { Grouping } from './messages.ts';

export interface ImpactEvents {
  find(query: string): void;
  choose(root: string, id: string): void;
  openManifest(id: string): void;
  lead(by: Grouping, value: string | null): void;
}

export interface ImpactSection {
  readonly root: HTMLElement;
  offer(query: string, subjects: readonly Subject[]): void;
  /** Null: no manifest declares it. */
  show(of: string, impact: Impact | null): void;
}

/** Choose a thing, and see all that breaks with it: as a picture, and the same as a list. */
export function impactSection(words: DashboardWords, events: ImpactEvents): ImpactSection {
  let shown: Impact | null = null;
  const box = combobox<Subject>({
    id: 'subject',
    label: words.choose,
    placeholder: words.placeholder,
    listLabel: words.suggestions,
    nothing: words.noMatch,
    count: (found) => counted(words.found, found),
    find: events.find,
    choose: ({ root, id }) => events.choose(root, id),
  });
  const sentence = element('p', { class: 'lead-text', role: 'status' }, words.impactHint);
  const help = element('p', { class: 'spoken', id: 'graph-help' }, words.graphHelp);
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'graph');
  svg.setAttribute('role', 'group');
  svg.setAttribute('aria-label', words.impact);
  svg.setAttribute('aria-describedby', 'graph-help');
  svg.setAttribute('hidden', '');
  const graph = element('div', { class: 'graph-box' }, svg);
  const layers = element('ul', { class: 'layers' });
  const list = element('details', { hidden: true }, element('summary', {}, words.asList), layers);
  const root = element(
    'section',
    { 'aria-labelledby': 'impact' },
    element('div', { class: 'section-head' }, element('h2', { id: 'impact' }, words.impact)),
    box.root,
    sentence,
    help,
    graph,
    list,
  );
  const choose = (node: ImpactNode): void => {
    if (node.group === 'owner') events.lead('owner', node.name);
    else if (shown !== null) events.choose(shown.root, node.id);
  };
  const draw = (): void => {
    if (shown === null || graph.clientWidth === 0) return;
    drawGraph(svg, shown, graph.clientWidth, words, choose);
    // Where there is no room for the picture, the list is all there is.
    if (svg.hasAttribute('hidden')) list.open = true;
  };
  let width = 0;
  new ResizeObserver(() => {
    if (graph.clientWidth === width) return;
    width = graph.clientWidth;
    draw();
  }).observe(graph);
  return {
    root,
    offer: (query, subjects) => {
      const several = new Set(subjects.map(({ root }) => root)).size > 1;
      box.offer(
        query,
        subjects.map((subject) => ({
          text: subject.id,
          note: several ? subject.project : '',
          value: subject,
        })),
      );
    },
    show(of, impact) {
      shown = impact;
      box.setText(of);
      sentence.textContent = impact === null ? fill(words.gone, of) : sentenceOf(words, impact);
      list.hidden = impact === null || impact.layers.length === 0;
      svg.toggleAttribute('hidden', list.hidden);
      refill(layers, ...(impact === null ? [] : layerItems(words, impact, choose, events.openManifest)));
      draw();
    },
  };
}

function sentenceOf(words: DashboardWords, { subject, layers, owners }: Impact): string {
  const sum = layers.reduce((count, { total }) => count + total, 0);
  const counts = layers.map(({ layer, total }) => counted(words.layerCounts[layer], total));
  const last = counts.pop();
  if (last === undefined) return fill(words.nothingBreaks, subject);
  const all = counts.length === 0 ? last : fill(words.and, counts.join(', '), last);
  return [
    counted(words.breaks, sum, subject, all),
    ...(owners === 0 ? [] : [counted(words.ownersToTell, owners)]),
  ].join(' ');
}

function layerItems(
  words: DashboardWords,
  { layers }: Impact,
  choose: (node: ImpactNode) => void,
  openManifest: (id: string) => void,
): readonly HTMLElement[] {
  return layers.map(({ layer, total, nodes }) =>
    element(
      'li',
      {},
      element('span', { class: 'layer-name' }, `${words.layers[layer]} · ${formatNumber(total)}`),
      element('ul', {}, ...nodes.map((node) => nodeItem(words, node, choose, openManifest))),
    ),
  );
}

function nodeItem(
  words: DashboardWords,
  node: ImpactNode,
  choose: (node: ImpactNode) => void,
  openManifest: (id: string) => void,
): HTMLElement {
  const ties = node.ties.map((tie) => words.ties[tie]).join(', ');
  if (node.group !== null) {
    const count = counted(words.layerCounts[node.layer], node.count);
    const text =
      node.group === 'rest'
        ? fill(words.groupRest, node.count)
        : fill(words.groupOf, node.name ?? words.nobody, count);
    const note = element('span', { class: 'muted' }, ` · ${ties}`);
    if (!leadsOn(node)) return element('li', {}, element('span', {}, text), note);
    const show = element('button', { type: 'button', class: 'link', 'data-key': node.id }, text);
    show.addEventListener('click', () => choose(node));
    return element('li', {}, show, note);
  }
  const note = [
    ...(node.status === null ? [] : [node.status]),
    ties,
    ...((node.owner ?? '') ? [node.owner] : []),
  ];
  const facts = element('span', { class: 'muted' }, ` · ${note.join(' · ')}`);
  // A consumer is a name, and need not be declared.
  if (!leadsOn(node)) return element('li', {}, element('span', {}, node.name ?? ''), facts);
  const select = element(
    'button',
    { type: 'button', class: 'link', 'data-key': `choose ${node.id}` },
    node.id,
  );
  select.addEventListener('click', () => choose(node));
  const open = element(
    'button',
    {
      type: 'button',
      class: 'link quiet-link',
      'data-key': `open ${node.id}`,
      'aria-label': `${words.openManifest}: ${node.id}`,
    },
    words.openManifest,
  );
  open.addEventListener('click', () => openManifest(node.id));
  return element('li', {}, select, facts, ' ', open);
}
