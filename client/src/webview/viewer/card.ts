import { element } from '../element.ts';
import { fill } from '../host.ts';
import type { Card, Finding, Owner, Section, Tone } from './credential.ts';
import { icon } from './icons.ts';
import { placeName } from './messages.ts';
import type { Page } from './page.ts';
import { sectionNode } from './sections.ts';

const TONES: Readonly<Record<Finding['severity'], Tone>> = {
  error: 'bad',
  warning: 'attention',
  info: 'plain',
};

/** One credential: at a glance when it is closed, in sections when it is open. They are asked for when they were not sent. */
export function cardNode(page: Page, card: Card, open: boolean): HTMLDetailsElement {
  const body = element('div', { class: 'sections' });
  let sections = card.sections;
  const draw = (shown: readonly Section[]): void => {
    body.replaceChildren(
      ...shown.map((each, section) => sectionNode(page, each, { card: card.card, section })),
    );
  };
  const node = element(
    'details',
    { class: 'card', id: `card-${card.card}`, open },
    headOf(page, card),
    element(
      'div',
      { class: 'inner' },
      validityNode(page, card),
      findingsNode(page, card.findings),
      ownersNode(page, card.belongsTo, page.strings.belongsTo, true),
      body,
    ),
  );
  const fillIn = async (): Promise<void> => {
    if (!node.open || body.childElementCount > 0) return;
    if (sections === null) {
      const more = await page.ask({ of: 'sections', card: card.card });
      if (more?.of !== 'sections') return;
      sections = more.sections;
    }
    draw(sections);
  };
  node.addEventListener('toggle', () => void fillIn());
  if (open && sections !== null) draw(sections);
  return node;
}

function headOf({ strings }: Page, { kind, name, status, wrapping, findings }: Card): HTMLElement {
  const worst = (['error', 'warning'] as const).find((each) =>
    findings.some(({ severity }) => severity === each),
  );
  return element(
    'summary',
    {},
    element(
      'span',
      { class: 'what' },
      element(
        'span',
        { class: 'kind' },
        kind,
        wrapping === '' ? undefined : element('span', { class: 'wrapping' }, fill(strings.inside, wrapping)),
      ),
      element('h2', {}, name === '' ? kind : name),
    ),
    worst !== undefined && status?.tone !== TONES[worst]
      ? element('span', { class: `badge ${TONES[worst]}` }, icon(TONES[worst]), strings[worst])
      : undefined,
    status === null
      ? undefined
      : element('span', { class: `badge ${status.tone}` }, icon(status.tone), status.text),
  );
}

function validityNode({ strings }: Page, { validity, status }: Card): HTMLElement | undefined {
  if (validity === null) return undefined;
  const percent = Math.round(validity.elapsed * 100);
  return element(
    'div',
    { class: `validity ${status?.tone ?? 'plain'}` },
    element('span', {}, validity.from),
    element('progress', { max: 100, value: percent, 'aria-label': fill(strings.elapsed, percent) }),
    element('span', {}, validity.until),
  );
}

function findingsNode(page: Page, findings: readonly Finding[]): HTMLElement | undefined {
  if (findings.length === 0) return undefined;
  const { strings } = page;
  return element(
    'div',
    { class: 'findings' },
    element('h3', {}, strings.findings),
    element(
      'ul',
      {},
      ...findings.map(({ severity, message, why, rule, page: place }) => {
        const explain = element(
          'button',
          { class: 'link', type: 'button', 'aria-label': fill(strings.explain, rule) },
          rule,
        );
        explain.addEventListener('click', () => page.send({ type: 'open', place: placeName(place) }));
        return element(
          'li',
          { class: TONES[severity] },
          icon(TONES[severity]),
          element(
            'div',
            {},
            element('p', {}, element('strong', {}, `${strings[severity]}: `), message, ' ', explain),
            why === null ? undefined : element('p', { class: 'muted' }, why),
          ),
        );
      }),
    ),
  );
}

/** Identities of this workspace, each with a way to its manifest. */
export function ownersNode(
  page: Page,
  owners: readonly Owner[],
  heading: string,
  inCard: boolean,
): HTMLElement | undefined {
  if (owners.length === 0) return undefined;
  const { strings } = page;
  return element(
    'div',
    { class: 'owners' },
    element(inCard ? 'h3' : 'h2', {}, heading),
    element(
      'ul',
      {},
      ...owners.map(({ identity, machine, how, status, declaredAt, current }) => {
        const name = machine === null ? identity : fill(strings.on, identity, machine);
        const title =
          declaredAt === null
            ? element('span', { class: 'name' }, name)
            : element('button', { class: 'link name', type: 'button', title: strings.openManifest }, name);
        if (declaredAt !== null)
          title.addEventListener('click', () =>
            page.send({ type: 'open', place: placeName(declaredAt.uri, declaredAt.range.start.line) }),
          );
        return element(
          'li',
          {},
          icon(current ? 'good' : 'plain'),
          element(
            'div',
            {},
            element('p', {}, title, ' ', element('span', { class: 'muted' }, status)),
            element('p', { class: 'muted' }, how),
          ),
        );
      }),
    ),
  );
}
