/** A file of credentials as a person is shown it: cards, chains, to whom they belong. Analysis alone: nothing is contacted. */
import { type Candidate, certificatePaths } from '../core/credential/inspect/certificatePaths.ts';
import type { CredentialItem } from '../core/credential/inspect/item.ts';
import { type CardHead, cardHead, cardSections, kindOf } from '../core/credential/view/card.ts';
import { type ShownPath, shownPath } from '../core/credential/view/path.ts';
import {
  cutSection,
  ROWS_A_PAGE,
  type Section,
  type ShownSection,
  type ShownValue,
  VALUES_A_PAGE,
} from '../core/credential/view/shown.ts';
import { parseIdentity } from '../core/identity/identityId.ts';
import { plural } from '../core/text/instant.ts';
import { nodeSignatureVerifier } from '../platform/crypto/signatureVerifier.ts';
import type { InventoryRow, Project } from './api.ts';
import { type Belonging, belongings, deliveredTo } from './inspect/belongings.ts';
import { knownCertificates } from './inspect/knownCertificates.ts';
import type { FileReading, Reading } from './inspect/reading.ts';

/** A project that is open, with what is known of it. */
export interface KnownProject {
  readonly project: Project;
  readonly rows: readonly InventoryRow[];
  /** The file that is shown, relative to the root; undefined: it lies elsewhere. */
  readonly path: string | undefined;
}

export interface PlacedBelonging extends Belonging {
  /** Root of the project. */
  readonly root: string;
}

export interface ShownCard extends CardHead {
  readonly belongsTo: readonly PlacedBelonging[];
  /** Null: not among the first, ask for it. */
  readonly sections: readonly ShownSection[] | null;
}

export interface CredentialPage {
  /** `nothing`: there is no credential in it. */
  readonly state: 'read' | 'nothing' | 'too-large' | 'unreadable';
  /** A text editor can show the file. */
  readonly isText: boolean;
  /** `3 certificates, 1 private key`; or why nothing is shown. */
  readonly summary: string;
  readonly hint: string;
  /** What a passphrase could open; `tried`: the one that was given does not. Null: nothing is locked. */
  readonly locked: { readonly what: string; readonly tried: boolean } | null;
  readonly paths: readonly ShownPath[];
  /** Identities that are delivered to this file. */
  readonly deliveredHere: readonly PlacedBelonging[];
  /** The first of so many. */
  readonly cards: readonly ShownCard[];
  readonly cardCount: number;
}

const CARDS_A_PAGE = 50;
/** So many are opened at once. */
const CARDS_WITH_SECTIONS = 5;

/** `tried`: a passphrase was given. */
export async function credentialPage(
  reading: FileReading,
  projects: readonly KnownProject[],
  options: { readonly now: Date; readonly tried: boolean },
  signal: AbortSignal,
): Promise<CredentialPage> {
  if (reading.kind === 'too-large')
    return message(
      'too-large',
      `The file is larger than ${reading.limit / (1024 * 1024)} MiB, so it is not read here.`,
      'On the command line, idac inspect reads larger ones.',
    );
  if (reading.kind === 'unreadable')
    return message('unreadable', `The file cannot be read: ${reading.reason}.`, '');
  const { items } = reading;
  const locked = lockedOf(items, options.tried);
  const owned = ownersOf(items, projects);
  const deliveredHere = projects.flatMap(({ project, rows, path }) => {
    if (path === undefined) return [];
    const held =
      locked === null ? [...owned.values()].flat().filter(({ root }) => root === project.root) : undefined;
    return placed(project, deliveredTo(path, project.workspace.index(), rows, held));
  });
  if (items.every(isNothing))
    return {
      ...message('nothing', nothingText(items), reading.isText ? 'It can be looked at as text.' : ''),
      isText: reading.isText,
      deliveredHere,
    };
  const known = await knownFor(reading, owned, projects, options.now, signal);
  return {
    state: 'read',
    isText: reading.isText,
    summary: summaryOf(items),
    hint: '',
    locked,
    paths: certificatePaths(reading.certificates, known, {
      now: options.now,
      verifier: nodeSignatureVerifier,
    }).map((path) => shownPath(path, items, options.now)),
    deliveredHere,
    cards: cardsFrom(reading, owned, 0, CARDS_WITH_SECTIONS, options.now),
    cardCount: items.length,
  };
}

/** Further cards, closed. */
export function moreCards(
  reading: Reading,
  projects: readonly KnownProject[],
  from: number,
  now: Date,
): readonly ShownCard[] {
  return cardsFrom(reading, ownersOf(reading.items, projects), from, 0, now);
}

/** Undefined: there is no such card. */
export function sectionsOf(reading: Reading, card: number, now: Date): readonly ShownSection[] | undefined {
  return wholeSections(reading, card, now)?.map(cutSection);
}

/** More values of a row. */
export function moreValues(
  reading: Reading,
  at: { readonly card: number; readonly section: number; readonly row: number; readonly from: number },
  now: Date,
): readonly ShownValue[] {
  const values = wholeSections(reading, at.card, now)?.[at.section]?.rows[at.row]?.values ?? [];
  return values.slice(at.from, at.from + VALUES_A_PAGE);
}

/** More rows of a table, or those that the filter leaves. */
export function moreRows(
  reading: Reading,
  at: { readonly card: number; readonly section: number; readonly from: number; readonly filter: string },
  now: Date,
): { readonly rows: readonly (readonly ShownValue[])[]; readonly total: number } {
  const table = wholeSections(reading, at.card, now)?.[at.section]?.table;
  return table?.page(at.from, ROWS_A_PAGE, at.filter) ?? { rows: [], total: 0 };
}

function wholeSections(reading: Reading, card: number, now: Date): readonly Section[] | undefined {
  const item = reading.items[card];
  return item === undefined ? undefined : cardSections(item, { ...reading, now });
}

function cardsFrom(
  reading: Reading,
  owned: ReadonlyMap<number, readonly PlacedBelonging[]>,
  from: number,
  open: number,
  now: Date,
): readonly ShownCard[] {
  return reading.items.slice(from, from + CARDS_A_PAGE).map((item, place) => ({
    ...cardHead(item, from + place, now),
    belongsTo: owned.get(from + place) ?? [],
    sections: place < open ? (sectionsOf(reading, from + place, now) ?? null) : null,
  }));
}

function ownersOf(
  items: readonly CredentialItem[],
  projects: readonly KnownProject[],
): ReadonlyMap<number, readonly PlacedBelonging[]> {
  const all = new Map<number, readonly PlacedBelonging[]>();
  for (const { project, rows } of projects)
    for (const [place, found] of belongings(items, rows))
      all.set(place, [...(all.get(place) ?? []), ...placed(project, found)]);
  return all;
}

function placed({ root }: Project, found: readonly Belonging[]): readonly PlacedBelonging[] {
  return found.map((each) => ({ ...each, root }));
}

/** What chains may lead to besides the file itself. */
async function knownFor(
  { certificates }: Reading,
  owned: ReadonlyMap<number, readonly PlacedBelonging[]>,
  projects: readonly KnownProject[],
  now: Date,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  if (certificates.length === 0) return [];
  const known: Candidate[] = [];
  for (const { project } of projects) {
    const names = [...owned.values()].flat().filter(({ root }) => root === project.root);
    const identities = [...new Set(names.map(({ identity }) => identity))].flatMap(
      (name) => parseIdentity(name) ?? [],
    );
    known.push(...(await knownCertificates(project, identities, now, signal)));
  }
  return known;
}

function isNothing({ type, format, wrapping }: CredentialItem): boolean {
  return type === 'unknown' && format === null && wrapping.length === 0;
}

function nothingText(items: readonly CredentialItem[]): string {
  const why = items[0]?.findings[0]?.message ?? 'nothing in it is known here';
  return `No certificate and no key is in this file: ${why}.`;
}

function summaryOf(items: readonly CredentialItem[]): string {
  const counts = new Map<string, number>();
  for (const item of items) {
    const kind = kindOf(item);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => plural(count, ...wordsOf(kind))).join(', ');
}

function wordsOf(kind: string): readonly [string, string] {
  const one = /^(?:CA|SSH) /.test(kind) ? kind : kind.charAt(0).toLowerCase() + kind.slice(1);
  if (/(?:parameters|recognized)$/.test(one)) return [one, one];
  return [one, `${one}s`];
}

/** What a passphrase may open; other encryption is never opened here. */
function lockedOf(items: readonly CredentialItem[], tried: boolean): CredentialPage['locked'] {
  const locked = items.filter(
    ({ type, format, encrypted, spkiSha256 }) =>
      encrypted &&
      (type === 'encrypted'
        ? format === 'PKCS#12'
        : type === 'private-key' && spkiSha256 === null && format === 'PKCS#8'),
  );
  if (locked.length === 0) return null;
  const what = locked.some(({ type }) => type === 'encrypted')
    ? 'A part of this file is locked: what is inside cannot be told without the passphrase.'
    : 'A private key in this file is locked: whose it is cannot be told without the passphrase.';
  return { what, tried };
}

function message(state: CredentialPage['state'], summary: string, hint: string): CredentialPage {
  return {
    state,
    isText: false,
    summary,
    hint,
    locked: null,
    paths: [],
    deliveredHere: [],
    cards: [],
    cardCount: 0,
  };
}
