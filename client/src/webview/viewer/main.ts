import '../base.css';
import './card.css';
import './viewer.css';
import { element } from '../element.ts';
import { connect, fill, pageStrings } from '../host.ts';
import { cardNode, ownersNode } from './card.ts';
import type { Card, Credentials, More } from './credential.ts';
import { icon } from './icons.ts';
import type { FromPage, ToPage, ViewerStrings } from './messages.ts';
import type { Page } from './page.ts';
import { type About, type PageState, readState } from './pageState.ts';
import { pathsNode } from './path.ts';

/** So few are open from the start. */
const MOST_OPEN = 3;

const strings = pageStrings<ViewerStrings>();
const questions = new Map<number, (more: More | undefined) => void>();
const root = document.getElementById('page') ?? document.body;
const said = element('p', { class: 'spoken', role: 'status' });
const content = element('div', {}, element('p', { class: 'muted' }, strings.loading));
root.append(content, said);

let drawn = '';
let asked = 0;
let cards: HTMLElement | undefined;
let about: About | null = null;

const host = connect<ToPage, FromPage, PageState>((message) => {
  switch (message.type) {
    case 'about':
      about = message.about;
      host.state.set({ ...readState(host.state.get()), about });
      return;
    case 'credentials':
      return show(message.credentials, message.offers);
    case 'failed':
      drawn = '';
      return content.replaceChildren(element('p', { class: 'notice' }, icon('attention'), message.what));
    case 'more':
      questions.get(message.question)?.(message.more ?? undefined);
      questions.delete(message.question);
      return;
    default:
      message satisfies never;
  }
});

const page: Page = {
  strings,
  send: (message) => host.send(message),
  ask: (wanted) =>
    new Promise((resolve) => {
      const question = ++asked;
      questions.set(question, resolve);
      host.send({ type: 'more', question, wanted });
    }),
  say: (text) => {
    said.textContent = text;
  },
  reveal: (card) => {
    const node = document.getElementById(`card-${card}`);
    if (!(node instanceof HTMLDetailsElement)) return;
    node.open = true;
    node.scrollIntoView({ block: 'start' });
    node.querySelector('summary')?.focus({ preventScroll: true });
  },
};

/** What is the same as before stays as it is, with all that was opened in it. */
function show(credentials: Credentials, offers: { readonly text: boolean; readonly save: boolean }): void {
  const now = JSON.stringify({ ...credentials, reading: null });
  if (now === drawn) return;
  const state = drawn === '' ? readState(host.state.get()) : stateNow();
  drawn = now;
  content.replaceChildren(...partsOf(credentials, offers, state));
  window.scrollTo({ top: state.scroll });
}

function partsOf(
  credentials: Credentials,
  offers: { readonly text: boolean; readonly save: boolean },
  state: PageState,
): readonly Node[] {
  const { title, state: what, summary, hint, locked, paths, deliveredHere, cardCount } = credentials;
  const actions = [
    ...(offers.text ? [action(strings.openAsText, 'openAsText')] : []),
    ...(offers.save ? [action(strings.save, 'save')] : []),
  ];
  const header = element(
    'header',
    {},
    element(
      'div',
      {},
      element('h1', {}, title),
      element('p', { class: 'muted summary' }, what === 'read' ? summary : ''),
    ),
    element('div', { class: 'actions' }, ...actions),
  );
  const parts: (Node | undefined)[] = [header];
  if (what !== 'read')
    parts.push(
      element(
        'div',
        { class: 'notice', role: 'status' },
        icon('plain'),
        element('div', {}, element('p', {}, summary), element('p', { class: 'muted' }, hint)),
      ),
    );
  if (locked !== null)
    parts.push(
      element(
        'div',
        { class: 'notice', role: 'status' },
        icon('key'),
        element(
          'div',
          {},
          element('p', {}, locked.what),
          locked.tried ? element('p', { class: 'problem' }, strings.wrongPassphrase) : undefined,
        ),
        action(strings.passphrase, 'passphrase', 'primary'),
      ),
    );
  parts.push(ownersNode(page, deliveredHere, strings.deliveredHere, false));
  if (paths.length > 0) parts.push(pathsNode(page, paths));
  cards = element('div', { class: 'cards' });
  addCards(credentials.cards, cardCount, state);
  parts.push(cards);
  return parts.filter((part) => part !== undefined);
}

/** More of them come when they are asked for: a bundle may hold thousands. */
function addCards(shown: readonly Card[], total: number, state: PageState): void {
  const holder = cards;
  if (holder === undefined) return;
  for (const card of shown) holder.append(cardNode(page, card, isOpen(card.card, total, state)));
  const count = holder.querySelectorAll('details.card').length;
  if (count >= total) return;
  const button = element(
    'button',
    { class: 'link more', type: 'button' },
    fill(strings.moreCards, Math.min(50, total - count), total),
  );
  button.addEventListener('click', () => {
    button.disabled = true;
    void page.ask({ of: 'cards', from: count }).then((more) => {
      if (more?.of !== 'cards') return;
      button.remove();
      addCards(more.cards, total, state);
      document.getElementById(`card-${count}`)?.querySelector('summary')?.focus();
    });
  });
  holder.append(button);
}

/** As a person left it; else the first, or all where they are few. */
function isOpen(card: number, total: number, state: PageState): boolean {
  if (state.open.includes(card)) return true;
  return !state.closed.includes(card) && (card === 0 || total <= MOST_OPEN);
}

function action(label: string, type: 'passphrase' | 'openAsText' | 'save', kind = 'secondary'): HTMLElement {
  const button = element('button', { class: `button ${kind}`, type: 'button' }, label);
  button.addEventListener('click', () => page.send({ type }));
  return button;
}

function stateNow(): PageState {
  const all = [...document.querySelectorAll<HTMLDetailsElement>('details.card')];
  const places = (open: boolean): readonly number[] =>
    all.filter((card) => card.open === open).map((card) => Number(card.id.replace('card-', '')));
  return { open: places(true), closed: places(false), scroll: window.scrollY, about };
}

let pause: number | undefined;
function keep(): void {
  window.clearTimeout(pause);
  pause = window.setTimeout(() => host.state.set(stateNow()), 200);
}
document.addEventListener('scroll', keep, { passive: true });
document.addEventListener('toggle', keep, { capture: true });
