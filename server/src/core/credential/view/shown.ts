/** A credential as a person is shown it: headings, rows, tables. What is long is shown in pages. */
import { visibleText } from '../../text/visibleText.ts';

/** Always beside words that say the same. */
export type Tone = 'good' | 'attention' | 'bad' | 'plain';

export interface ShownValue {
  readonly text: string;
  /** `code`: every character counts. `fingerprint`: hex, which is read in groups. */
  readonly form: 'text' | 'code' | 'fingerprint';
  readonly note?: string;
  /** Another credential of the file, by its place. */
  readonly card?: number;
  /** Characters that were left out at the end. */
  readonly left?: number;
}

export interface Row {
  readonly label: string;
  readonly values: readonly ShownValue[];
}

export interface TablePage {
  readonly rows: readonly (readonly ShownValue[])[];
  readonly total: number;
}

export interface Table {
  readonly columns: readonly string[];
  /** What can be looked for in it; null: nothing. */
  readonly filter: string | null;
  page(from: number, size: number, filter: string): TablePage;
}

/** One part of a card, whole: `cutSection` makes its first page. */
export interface Section {
  readonly heading: string;
  readonly rows: readonly Row[];
  readonly table?: Table;
}

export interface ShownRow extends Row {
  /** `values` are the first of so many. */
  readonly total: number;
}

export interface ShownSection {
  readonly heading: string;
  readonly rows: readonly ShownRow[];
  readonly table?: TablePage & { readonly columns: readonly string[]; readonly filter: string | null };
}

export const VALUES_A_PAGE = 50;
export const ROWS_A_PAGE = 100;
/** Longer texts are cut: no page is for reading them. */
const LONGEST_TEXT = 8192;

export function cutSection({ heading, rows, table }: Section): ShownSection {
  return {
    heading,
    rows: rows.map(({ label, values }) => ({
      label,
      values: values.slice(0, VALUES_A_PAGE),
      total: values.length,
    })),
    ...(table === undefined
      ? {}
      : {
          table: { columns: table.columns, filter: table.filter, ...table.page(0, ROWS_A_PAGE, '') },
        }),
  };
}

export function shown(
  text: string,
  form: ShownValue['form'] = 'text',
  more: Pick<ShownValue, 'note' | 'card'> = {},
): ShownValue {
  const cut = text.length > LONGEST_TEXT;
  return {
    text: visibleText(cut ? text.slice(0, LONGEST_TEXT) : text),
    form,
    ...(cut ? { left: text.length - LONGEST_TEXT } : {}),
    ...more,
  };
}

/** None when there is nothing to say. */
export function row(
  label: string,
  ...values: readonly (ShownValue | string | null | undefined)[]
): readonly Row[] {
  const said = values.flatMap((value) =>
    value === null || value === undefined || value === ''
      ? []
      : [typeof value === 'string' ? shown(value) : value],
  );
  return said.length === 0 ? [] : [{ label, values: said }];
}

/** None when it would be empty. */
export function section(heading: string, ...rows: readonly (readonly Row[])[]): readonly Section[] {
  const all = rows.flat();
  return all.length === 0 ? [] : [{ heading, rows: all }];
}

export function tableOf(columns: readonly string[], rows: readonly (readonly ShownValue[])[]): Table {
  return {
    columns,
    filter: null,
    page: (from, size) => ({ rows: rows.slice(from, from + size), total: rows.length }),
  };
}
