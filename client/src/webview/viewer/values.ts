import { element } from '../element.ts';
import { fill } from '../host.ts';
import type { Value } from './credential.ts';
import { icon } from './icons.ts';
import type { Page } from './page.ts';

/** Longer than this a text is shown from its start. */
const SHORT = 240;
/** Hex digits that are read at a glance. */
const GROUP = 4;

/** `label`: what a screen reader calls it; without one it has no button to copy it. */
export function valueNode(page: Page, value: Value, label: string | undefined): HTMLElement {
  const { text, form, note, card, left } = value;
  const holder = element('span', { class: `value ${form}` });
  if (card !== undefined) {
    const link = element('button', { class: 'link', type: 'button' }, text);
    link.addEventListener('click', () => page.reveal(card));
    holder.append(link);
    return holder;
  }
  switch (form) {
    case 'fingerprint':
      holder.append(element('code', {}, ...groupsOf(text)));
      break;
    case 'code':
      holder.append(shortened(page, text, 'code'));
      break;
    case 'text':
      holder.append(shortened(page, text, 'span'));
      break;
    default:
      form satisfies never;
  }
  if (note !== undefined) holder.append(element('span', { class: 'note' }, note));
  if (left !== undefined) holder.append(element('span', { class: 'note' }, fill(page.strings.left, left)));
  if (form !== 'text' && label !== undefined) holder.append(copyButton(page, text, label));
  return holder;
}

function copyButton(page: Page, text: string, label: string): HTMLElement {
  const name = fill(page.strings.copy, label);
  const button = element(
    'button',
    { class: 'copy', type: 'button', 'aria-label': name, title: name },
    icon('copy'),
  );
  button.addEventListener('click', () => {
    page.send({ type: 'copy', text });
    page.say(fill(page.strings.copied, label));
  });
  return button;
}

/** Gaps are drawn, not written: what is selected and copied is the plain number. */
function groupsOf(hex: string): readonly HTMLElement[] {
  const groups: HTMLElement[] = [];
  for (let at = 0; at < hex.length; at += GROUP)
    groups.push(element('span', { class: 'group' }, hex.slice(at, at + GROUP)));
  return groups;
}

function shortened(page: Page, text: string, tag: 'code' | 'span'): HTMLElement {
  if (text.length <= SHORT) return element(tag, {}, text);
  const shown = element(tag, {});
  const button = element('button', { class: 'link', type: 'button', 'aria-expanded': 'false' });
  const show = (whole: boolean): void => {
    shown.textContent = whole ? text : `${text.slice(0, SHORT)}…`;
    button.textContent = whole ? page.strings.showLess : fill(page.strings.showAll, text.length);
    button.setAttribute('aria-expanded', String(whole));
  };
  button.addEventListener('click', () => show(button.getAttribute('aria-expanded') !== 'true'));
  show(false);
  return element('span', {}, shown, ' ', button);
}
