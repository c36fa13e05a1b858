import '../base.css';
import './main.css';
import type { DashboardWords } from '../../dashboardWords.ts';
import { element } from '../element.ts';
import { connect, counted, fill, pageStrings } from '../host.ts';
import { algorithmsSection } from './algorithmsSection.ts';
import { daysAfter, dayText, momentOf } from './dates.ts';
import type { Dashboard } from './figures.ts';
import { impactSection } from './impactSection.ts';
import type { Errand, FromPage, Grouping, ToPage } from './messages.ts';
import { outlookSection } from './outlookSection.ts';
import { type PageState, readState } from './pageState.ts';
import { riskTable } from './riskTable.ts';

const words = pageStrings<DashboardWords>();
const host = connect<ToPage, FromPage, PageState>(receive);
let state = readState(host.state.get());
let figures: Dashboard | undefined;

const keep = (changed: Partial<PageState>): void => {
  state = { ...state, ...changed };
  host.state.set(state);
};
const lead = (by: Grouping, value: string | null): void => host.send({ type: 'inventory', by, value });
const errand = (what: Errand, text: string, name = 'primary'): HTMLElement => {
  const button = element('button', { type: 'button', class: name }, text);
  button.addEventListener('click', () => host.send({ type: 'errand', what }));
  return button;
};

const outlook = outlookSection(words, state, {
  dayChosen: (day) => {
    keep({ date: day === 0 || figures === undefined ? null : dayText(daysAfter(figures.now, day)) });
    look();
  },
  unitChosen: (unit) => keep({ unit }),
  lead,
});
const owners = riskTable(words, {
  id: 'owners',
  title: words.owners,
  what: words.owner,
  unnamed: words.nobody,
  more: words.moreOwners,
  risksOf: (each) => each.owners,
  chosen: ({ name }) => lead('owner', name),
});
const issuers = riskTable(words, {
  id: 'issuers',
  title: words.issuers,
  what: words.issuer,
  unnamed: words.noIssuer,
  more: words.moreIssuers,
  risksOf: (each) => each.issuers,
  chosen: ({ name }) => lead('backend', name),
});
const algorithms = algorithmsSection(words, (algorithm) => lead('algorithm', algorithm));
const impact = impactSection(words, {
  find: (query) => host.send({ type: 'find', query }),
  choose: (root, id) => {
    keep({ subject: { root, id } });
    host.send({ type: 'impact', root, id });
  },
  openManifest: (id) => host.send({ type: 'openManifest', id }),
  lead,
});

const summary = element('p', { class: 'muted' });
const project = element('select', { id: 'project' });
project.addEventListener('change', () => {
  keep({ project: project.value === '' ? null : project.value });
  look();
});
const chooser = element(
  'div',
  { class: 'chooser', hidden: true },
  element('label', { for: 'project' }, words.project),
  project,
);
const restricted = element(
  'div',
  { class: 'banner', hidden: true },
  element('p', {}, words.restricted),
  errand('manageTrust', words.manageTrust, 'link'),
);
const waiting = element('p', { class: 'muted waiting', role: 'status' }, words.reading);
const stopped = element(
  'div',
  { class: 'instead', hidden: true },
  element('p', {}, words.serverStopped),
  errand('restartServer', words.startServer),
);
const empty = element(
  'div',
  { class: 'instead', hidden: true },
  element('h2', {}, words.empty),
  element('p', { class: 'muted' }, words.emptyHint),
  errand('newManifest', words.newManifest),
);
const content = element(
  'div',
  { class: 'content', hidden: true },
  outlook.root,
  element('div', { class: 'columns' }, owners.root, issuers.root),
  algorithms.root,
  impact.root,
);
document
  .getElementById('page')
  ?.append(
    element('header', {}, element('div', {}, element('h1', {}, words.heading), summary), chooser),
    restricted,
    waiting,
    stopped,
    empty,
    content,
  );

look();
if (state.subject !== null) host.send({ type: 'impact', ...state.subject });

/** The day of the state counts only once there are figures; until then they are asked for as they are now. */
function look(): void {
  const on = figures === undefined || outlook.day === 0 ? null : daysAfter(figures.now, outlook.day);
  host.send({ type: 'look', on: on?.toISOString() ?? null, project: state.project });
}

function receive(message: ToPage): void {
  switch (message.type) {
    case 'figures':
      show(message.figures, message.restricted);
      break;
    case 'impact':
      impact.show(message.of, message.impact);
      break;
    case 'subjects':
      impact.offer(message.query, message.subjects);
      break;
    case 'waiting':
      waiting.hidden = message.for !== 'server';
      stopped.hidden = message.for !== 'start';
      content.hidden = true;
      empty.hidden = true;
      break;
    default:
      message satisfies never;
  }
}

function show(shown: Dashboard, isRestricted: boolean): void {
  const isFirst = figures === undefined;
  figures = shown;
  waiting.hidden = true;
  stopped.hidden = true;
  restricted.hidden = !isRestricted;
  content.hidden = shown.total === 0;
  empty.hidden = shown.total > 0;
  summary.textContent = fill(
    words.summary,
    counted(words.identities, shown.total),
    momentOf(new Date(shown.now)),
  );
  showProjects(shown);
  outlook.show(shown);
  owners.show(shown);
  issuers.show(shown);
  algorithms.show(shown);
  if (isFirst && outlook.day > 0) look();
}

function showProjects({ projects }: Dashboard): void {
  chooser.hidden = projects.length < 2;
  const known = projects.some(({ root }) => root === state.project);
  project.replaceChildren(
    element('option', { value: '' }, words.allProjects),
    ...projects.map(({ root, name, identities }) =>
      element('option', { value: root }, `${name} · ${counted(words.identities, identities)}`),
    ),
  );
  project.value = known && state.project !== null ? state.project : '';
}
