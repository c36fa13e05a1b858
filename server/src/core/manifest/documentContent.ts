import { CERT_MANAGER_KINDS, isObserved, mentionsManifests } from '../identity/certManager.ts';
import { API_VERSION } from '../identity/identityId.ts';
import { validateManifest } from '../schema/validate.ts';
import { comparePositions, lineIndex } from '../text/lineIndex.ts';
import { flat, hasLoneReturn } from '../text/textBuffer.ts';
import { IGNORE_WORD } from './ignoreWord.ts';
import { type KeptPlace, keptWhileUsed } from './keptWhileUsed.ts';
import { MANIFEST_LIMITS } from './limits.ts';
import type { LocalFinding } from './localFinding.ts';
import { type ParsedDocument, parseDocument, type Syntax } from './parseDocument.ts';
import { isObject, type JsonValue, valueAt } from './path.ts';
import {
  namesOf,
  type ResourceData,
  type ResourceNames,
  readResource,
  type WrittenParts,
  writtenParts,
} from './readResource.ts';
import { recentlyUsed } from './recentlyUsed.ts';
import { plainText, type StoredText, type StoreText } from './storedText.ts';
import { spanAt } from './tree.ts';

/**
 * A document with what is known from its text alone. It is kept and used again as long as the text is the same. Of the tens of
 * thousands of a project few are looked at, so what it says is read again when somebody asks (`readingOf`): only its text, its
 * names and what is wrong with it stay.
 */
export interface DocumentContent extends KeptPlace<WrittenParts> {
  stored: StoredText;
  readonly syntax: Syntax;
  readonly ours: boolean;
  readonly names: ResourceNames | undefined;
  /** Of `metadata.name`, which every list of resources shows; counted from the document's first line. */
  readonly nameSpan: LineSpan | undefined;
  readonly findings: readonly LocalFinding[];
  readonly usable: boolean;
  readonly hasLoneReturn: boolean;
  readonly mentionsIgnore: boolean;
  /** What it says stays in memory once it is known. */
  held: boolean;
  reading: DocumentReading | undefined;
}

/** What a document says, and where. */
export interface DocumentReading extends ParsedDocument {
  readonly resource: ResourceData | undefined;
}

/** On one line. */
export interface LineSpan {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

interface Reading {
  readonly syntax: Syntax;
  readonly namedOurs: boolean;
  /** The schema that the file's name decides; left out: each document's kind does. */
  readonly kind: string | undefined;
  /** Of a file whose lines decide which documents there are. */
  readonly template: boolean;
  readonly held: boolean;
  readonly store: StoreText;
}

export function readContent(text: string, reading: Reading): DocumentContent {
  const { syntax, namedOurs, kind, template, held, store } = reading;
  // What cannot be a manifest is not even parsed.
  const isOthers = !namedOurs && !mentionsManifests(text);
  const parsed = isOthers
    ? { text, lines: lineIndex(text), tree: undefined, findings: [] }
    : parseDocument(text, syntax);
  const value = parsed.tree?.value;
  const isCertManagers = !template && !text.includes('{{') && isCertManagerDocument(value);
  const ours = namedOurs || isCertManagers || valueAt(value, ['apiVersion']) === API_VERSION;
  const resource = !ours || kind !== undefined || value === undefined ? undefined : readResource(value);
  // What follows from a syntax error is no mistake of its own. A duplicate key leaves a tree that can be checked.
  const isReadable = parsed.findings.every(({ rule }) => rule === 'manifest/duplicate-key');
  const findings = !ours
    ? NO_FINDINGS
    : isReadable
      ? inOrder([...parsed.findings, ...validateManifest(parsed, kind)])
      : parsed.findings;
  const read = { ...parsed, resource };
  const content: DocumentContent = {
    stored: store(text),
    syntax,
    ours,
    names: resource && namesOf(resource),
    nameSpan: resource && nameSpanIn(parsed),
    findings: findings.length === 0 ? NO_FINDINGS : findings,
    usable: ours && !findings.some(({ severity }) => severity === 'error'),
    hasLoneReturn: hasLoneReturn(text),
    mentionsIgnore: text.includes(IGNORE_WORD),
    held,
    reading: held ? read : undefined,
    kept: undefined,
  };
  // Whoever reads many asks about each of them next.
  if (!held) recent.put(content, read);
  return content;
}

/** A text that nobody has read yet: it has lines, and nothing is known of what it says. */
export function unreadContent(text: string, syntax: Syntax): DocumentContent {
  return {
    stored: plainText(text),
    syntax,
    ours: true,
    names: undefined,
    nameSpan: undefined,
    findings: NO_FINDINGS,
    usable: false,
    hasLoneReturn: false,
    mentionsIgnore: false,
    held: true,
    reading: { text, lines: lineIndex(text), tree: undefined, findings: [], resource: undefined },
    kept: undefined,
  };
}

const NO_FINDINGS: readonly LocalFinding[] = [];

/** Of the kinds that are read; requests and orders are cert-manager's own business. */
function isCertManagerDocument(value: JsonValue | undefined): boolean {
  if (!isObject(value)) return false;
  const kind = valueAt(value, ['kind']);
  const apiVersion = valueAt(value, ['apiVersion']);
  return (
    typeof apiVersion === 'string' &&
    isObserved({ apiVersion }) &&
    typeof kind === 'string' &&
    CERT_MANAGER_KINDS.includes(kind)
  );
}

const recent = recentlyUsed<DocumentContent, DocumentReading>(
  ({ stored }) => stored.length,
  MANIFEST_LIMITS.recentlyRead,
);

/** What it says and where, read again when it is not in memory. The same text gives the same. */
export function readingOf(content: DocumentContent): DocumentReading {
  const known = content.reading ?? recent.get(content);
  if (known !== undefined) return known;
  const text = content.stored.get();
  const isOthers = !content.ours && !mentionsManifests(text);
  const parsed = isOthers
    ? { text, lines: lineIndex(text), tree: undefined, findings: [] }
    : parseDocument(text, content.syntax);
  const value = content.names === undefined ? undefined : parsed.tree?.value;
  const reading = { ...parsed, resource: value === undefined ? undefined : readResource(value) };
  if (content.held) content.reading = reading;
  else recent.put(content, reading);
  return reading;
}

/** What policies ask of thousands of documents whenever one of them changes: without the texts' places it is small. */
const written = keptWhileUsed<DocumentContent, WrittenParts>(
  ({ stored }) => stored.length,
  MANIFEST_LIMITS.judgedAgain,
);

/** What it says stays at hand, without its places. */
export function rememberWritten(content: DocumentContent): void {
  if (content.reading !== undefined || content.kept !== undefined) return;
  const value = readingOf(content).tree?.value;
  // Parts of the document's text would keep all of that in memory.
  if (value !== undefined)
    written.keep(content, writtenParts(JSON.parse(JSON.stringify(value)) as JsonValue));
}

/** What it says of itself, without its places being looked for. */
export function writtenOf(content: DocumentContent): WrittenParts | undefined {
  return written.of(content) ?? readingOf(content).resource;
}

export function hold(content: DocumentContent, held: boolean): void {
  content.held = held;
  if (held) content.stored = plainText(flat(content.stored.get()));
  else content.reading = undefined;
}

function nameSpanIn({ tree, lines }: ParsedDocument): LineSpan | undefined {
  const span = tree && spanAt(tree.root, ['metadata', 'name'], 'value');
  if (span === undefined) return undefined;
  const { start, end } = lines.range(span.start, span.end);
  return start.line === end.line
    ? { line: start.line, start: start.character, end: end.character }
    : undefined;
}

function inOrder(findings: readonly LocalFinding[]): readonly LocalFinding[] {
  return findings.length < 2
    ? findings
    : findings.toSorted((a, b) => comparePositions(a.range.start, b.range.start));
}
