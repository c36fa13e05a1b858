/** What the language server says of a file of credentials (docs/lsp.md): the fields that are shown. */

/** Never alone: words beside it say the same. */
export type Tone = 'good' | 'attention' | 'bad' | 'plain';

export interface Value {
  readonly text: string;
  readonly form: 'text' | 'code' | 'fingerprint';
  readonly note?: string;
  /** Another credential of the file, by its place. */
  readonly card?: number;
  /** Characters cut off at the end. */
  readonly left?: number;
}

export interface Row {
  readonly label: string;
  /** The first of so many. */
  readonly values: readonly Value[];
  readonly total: number;
}

export interface Table {
  readonly columns: readonly string[];
  /** What can be looked for in it. */
  readonly filter: string | null;
  readonly rows: readonly (readonly Value[])[];
  readonly total: number;
}

export interface Section {
  readonly heading: string;
  readonly rows: readonly Row[];
  readonly table?: Table;
}

export interface Owner {
  readonly identity: string;
  readonly machine: string | null;
  readonly how: string;
  readonly current: boolean;
  readonly status: string;
  readonly declaredAt: {
    readonly uri: string;
    readonly range: { readonly start: Point; readonly end: Point };
  } | null;
}

interface Point {
  readonly line: number;
  readonly character: number;
}

export interface Finding {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly why: string | null;
  /** URI of the page that explains the rule. */
  readonly page: string;
}

export interface Card {
  /** Place in the file, from 0. */
  readonly card: number;
  readonly kind: string;
  readonly name: string;
  readonly status: { readonly text: string; readonly tone: Tone } | null;
  readonly validity: { readonly from: string; readonly until: string; readonly elapsed: number } | null;
  readonly wrapping: string;
  readonly findings: readonly Finding[];
  readonly belongsTo: readonly Owner[];
  /** Null: not sent yet. */
  readonly sections: readonly Section[] | null;
}

export interface PathLink {
  readonly role: string;
  readonly name: string;
  readonly detail: string;
  readonly tone: Tone;
  readonly problem: string | null;
  readonly note: string | null;
  readonly card: number | null;
}

export interface Path {
  readonly verdict: string;
  readonly tone: Tone;
  /** Root first. */
  readonly links: readonly PathLink[];
}

/** The whole, with the first parts of what is long. */
export interface Credentials {
  readonly title: string;
  readonly state: 'read' | 'nothing' | 'too-large' | 'unreadable';
  /** A text editor can show the file. */
  readonly isText: boolean;
  readonly summary: string;
  readonly hint: string;
  readonly locked: { readonly what: string; readonly tried: boolean } | null;
  readonly paths: readonly Path[];
  readonly deliveredHere: readonly Owner[];
  readonly cards: readonly Card[];
  readonly cardCount: number;
  readonly reading: string | null;
  readonly publicText: string | null;
}

/** Where more is, in what was read. */
export type Wanted =
  | { readonly of: 'cards'; readonly from: number }
  | { readonly of: 'sections'; readonly card: number }
  | {
      readonly of: 'values';
      readonly card: number;
      readonly section: number;
      readonly row: number;
      readonly from: number;
    }
  | {
      readonly of: 'rows';
      readonly card: number;
      readonly section: number;
      readonly from: number;
      readonly filter: string;
    };

export type More =
  | { readonly of: 'cards'; readonly cards: readonly Card[] }
  | { readonly of: 'sections'; readonly sections: readonly Section[] }
  | { readonly of: 'values'; readonly values: readonly Value[] }
  | { readonly of: 'rows'; readonly rows: readonly (readonly Value[])[]; readonly total: number };
