import { element } from '../element.ts';
import { fill } from '../host.ts';
import type { Row, Section, Table, Value } from './credential.ts';
import type { Page } from './page.ts';
import { valueNode } from './values.ts';

/** What the server gives at once. */
const VALUES_A_PAGE = 50;
const ROWS_A_PAGE = 100;

/** Where a section stands, so that more of it can be asked for. */
export interface SectionPlace {
  readonly card: number;
  readonly section: number;
}

export function sectionNode(page: Page, shown: Section, place: SectionPlace): HTMLElement {
  // No landmark: a file has dozens, and its headings lead through it.
  const node = element('div', { class: 'section' }, element('h3', {}, shown.heading));
  if (shown.rows.length > 0)
    node.append(
      element('dl', {}, ...shown.rows.flatMap((row, at) => rowNodes(page, row, { ...place, row: at }))),
    );
  if (shown.table !== undefined) node.append(tableNode(page, shown.table, place, shown.heading));
  return node;
}

function rowNodes(
  page: Page,
  row: Row,
  place: SectionPlace & { readonly row: number },
): readonly HTMLElement[] {
  const { label, total } = row;
  if (total === 1 && row.values[0] !== undefined)
    return [element('dt', {}, label), element('dd', {}, valueNode(page, row.values[0], label))];
  const list = element('ul', {});
  let count = 0;
  const add = (values: readonly Value[]): void => {
    list.append(...values.map((value) => element('li', {}, valueNode(page, value, `${label} ${++count}`))));
  };
  add(row.values);
  const holder = element('dd', {}, list);
  moreButton(
    page,
    holder,
    VALUES_A_PAGE,
    () => count,
    () => total,
    async () => {
      const more = await page.ask({ of: 'values', ...place, from: count });
      if (more?.of === 'values') add(more.values);
    },
  );
  return [element('dt', {}, label), holder];
}

function tableNode(page: Page, table: Table, place: SectionPlace, heading: string): HTMLElement {
  const body = element('tbody', {});
  const count = element('p', { class: 'muted', role: 'status' });
  let { total } = table;
  let filter = '';
  const show = (rows: Table['rows']): void => {
    body.append(...rows.map((row) => rowOf(page, row)));
    const shown = body.childElementCount;
    // A short table needs no counting.
    count.hidden = filter === '' && shown === total;
    count.textContent = total === 0 ? page.strings.none : fill(page.strings.rows, shown, total);
  };
  const holder = element('div', { class: 'table' });
  const more = moreButton(
    page,
    holder,
    ROWS_A_PAGE,
    () => body.childElementCount,
    () => total,
    async () => {
      const answer = await page.ask({ of: 'rows', ...place, from: body.childElementCount, filter });
      if (answer?.of !== 'rows') return;
      total = answer.total;
      show(answer.rows);
    },
  );
  const look = async (wanted: string): Promise<void> => {
    filter = wanted;
    const answer = await page.ask({ of: 'rows', ...place, from: 0, filter: wanted });
    // An answer to what is no longer asked.
    if (answer?.of !== 'rows' || filter !== wanted) return;
    total = answer.total;
    body.replaceChildren();
    show(answer.rows);
    more();
  };
  const head = element(
    'thead',
    {},
    element('tr', {}, ...table.columns.map((column) => element('th', { scope: 'col' }, column))),
  );
  holder.prepend(
    ...(table.filter === null ? [] : [filterNode(table.filter, (text) => void look(text))]),
    element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': heading },
      element('table', {}, head, body),
    ),
    count,
  );
  show(table.rows);
  more();
  return holder;
}

/** No buttons in its cells: they would be hundreds of stops for a keyboard. */
function rowOf(page: Page, row: readonly Value[]): HTMLElement {
  return element('tr', {}, ...row.map((value) => element('td', {}, valueNode(page, value, undefined))));
}

function filterNode(label: string, changed: (text: string) => void): HTMLElement {
  const input = element('input', { type: 'search', spellcheck: 'false', autocomplete: 'off' });
  let pause: number | undefined;
  input.addEventListener('input', () => {
    window.clearTimeout(pause);
    pause = window.setTimeout(() => changed(input.value), 150);
  });
  return element('label', { class: 'filter' }, element('span', {}, label), input);
}

/** A button as long as there is more; what is given back looks again whether there is. */
function moreButton(
  page: Page,
  holder: HTMLElement,
  size: number,
  shown: () => number,
  total: () => number,
  load: () => Promise<void>,
): () => void {
  const button = element('button', { class: 'link more', type: 'button' });
  const refresh = (): void => {
    const left = total() - shown();
    button.hidden = left <= 0;
    button.textContent = fill(page.strings.more, Math.min(left, size), total());
  };
  button.addEventListener('click', () => {
    button.disabled = true;
    void load().finally(() => {
      button.disabled = false;
      refresh();
      if (!button.hidden) button.focus();
    });
  });
  holder.append(button);
  refresh();
  return refresh;
}
