import { element } from '../element.ts';
import { fill } from '../host.ts';
import type { Path, PathLink } from './credential.ts';
import { icon } from './icons.ts';
import type { Page } from './page.ts';

/** Chains from the root down to the leaf, with the reason where one does not hold. */
export function pathsNode(page: Page, paths: readonly Path[]): HTMLElement {
  const { strings } = page;
  return element(
    'section',
    { class: 'paths', 'aria-labelledby': 'chains' },
    element('h2', { id: 'chains' }, strings.chain),
    ...paths.map((path, at) =>
      element(
        'div',
        { class: `path ${path.tone}` },
        element('p', { class: 'verdict' }, icon(path.tone), element('span', {}, path.verdict)),
        element(
          'ol',
          { 'aria-label': paths.length === 1 ? strings.chain : fill(strings.chains, at + 1, paths.length) },
          ...path.links.map((link) => linkNode(page, link)),
        ),
      ),
    ),
  );
}

function linkNode(page: Page, { role, name, detail, tone, problem, note, card }: PathLink): HTMLElement {
  const title =
    card === null
      ? element('span', { class: 'name' }, name)
      : element('button', { class: 'link name', type: 'button' }, name);
  if (card !== null) title.addEventListener('click', () => page.reveal(card));
  const missing = tone === 'attention' && card === null && note === null;
  return element(
    'li',
    { class: tone },
    icon(missing ? 'missing' : tone),
    element(
      'div',
      {},
      element(
        'p',
        {},
        element('span', { class: 'role' }, role),
        title,
        element('span', { class: 'muted' }, detail),
      ),
      problem === null ? undefined : element('p', { class: 'problem' }, problem),
      note === null ? undefined : element('p', { class: 'note' }, note),
    ),
  );
}
