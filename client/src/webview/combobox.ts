import { element } from './element.ts';

export interface Option<Value> {
  readonly text: string;
  /** Shown behind it, quieter. */
  readonly note: string;
  readonly value: Value;
}

export interface Combobox<Value> {
  readonly root: HTMLElement;
  /** What was found for a query; of a query that is no longer there nothing is shown. */
  offer(query: string, options: readonly Option<Value>[]): void;
  setText(text: string): void;
}

export interface ComboboxOptions<Value> {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly listLabel: string;
  readonly nothing: string;
  readonly count: (options: number) => string;
  readonly find: (query: string) => void;
  readonly choose: (value: Value) => void;
}

/** A text field with a list that follows what is typed: the combobox pattern of WAI-ARIA 1.2. */
export function combobox<Value>(options: ComboboxOptions<Value>): Combobox<Value> {
  const { id } = options;
  const input = element('input', {
    id,
    type: 'text',
    role: 'combobox',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: options.placeholder,
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': `${id}-list`,
  });
  const list = element('ul', {
    id: `${id}-list`,
    role: 'listbox',
    'aria-label': options.listLabel,
    hidden: true,
  });
  const nothing = element('p', { class: 'nothing muted', hidden: true }, options.nothing);
  const said = element('span', { class: 'spoken', role: 'status' });
  const root = element(
    'div',
    { class: 'combobox' },
    element('label', { for: id }, options.label),
    element('div', { class: 'combobox-field' }, input, list, nothing),
    said,
  );
  let offered: readonly Option<Value>[] = [];
  let active = -1;
  let chosen = '';
  let isOpen = false;

  const show = (open: boolean): void => {
    isOpen = open;
    list.hidden = !open || offered.length === 0;
    nothing.hidden = !open || offered.length > 0 || input.value === '';
    input.setAttribute('aria-expanded', String(!list.hidden));
    if (!open) activate(-1);
  };
  const activate = (place: number): void => {
    active = place;
    for (const [each, item] of [...list.children].entries()) {
      item.setAttribute('aria-selected', String(each === place));
      if (each === place) item.scrollIntoView({ block: 'nearest' });
    }
    if (place === -1) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', `${id}-${place}`);
  };
  const take = (place: number): void => {
    const option = offered[place];
    if (option === undefined) return;
    chosen = option.text;
    input.value = chosen;
    show(false);
    options.choose(option.value);
  };
  const open = (): void => {
    if (isOpen) return;
    show(true);
    // All there is, until something is typed.
    options.find(input.value === chosen ? '' : input.value);
  };
  input.addEventListener('input', () => {
    show(true);
    options.find(input.value);
  });
  input.addEventListener('focus', () => input.select());
  input.addEventListener('click', open);
  input.addEventListener('blur', () => {
    input.value = chosen;
    show(false);
  });
  input.addEventListener('keydown', (event) => {
    const last = offered.length - 1;
    switch (event.key) {
      case 'ArrowDown':
        open();
        activate(active >= last ? 0 : active + 1);
        break;
      case 'ArrowUp':
        open();
        activate(active <= 0 ? last : active - 1);
        break;
      case 'Enter':
        take(active === -1 ? 0 : active);
        break;
      case 'Escape':
        input.value = chosen;
        show(false);
        break;
      default:
        return;
    }
    event.preventDefault();
  });
  return {
    root,
    offer(query, found) {
      if (!isOpen || query !== (input.value === chosen ? '' : input.value)) return;
      offered = found;
      list.replaceChildren(
        ...found.map(({ text, note }, place) => {
          const item = element(
            'li',
            { id: `${id}-${place}`, role: 'option', 'aria-selected': 'false' },
            element('span', {}, text),
            element('span', { class: 'muted' }, note),
          );
          // Before the field loses the focus.
          item.addEventListener('mousedown', (event) => {
            event.preventDefault();
            take(place);
          });
          return item;
        }),
      );
      said.textContent = options.count(found.length);
      show(true);
      activate(-1);
    },
    setText(text) {
      chosen = text;
      if (document.activeElement !== input) input.value = text;
    },
  };
}
