import { CERT_MANAGER_KINDS, isObserved, mentionsManifests } from '../identity/certManager.ts';
import { API_VERSION } from '../identity/identityId.ts';
import { validateManifest } from '../schema/validate.ts';
import { comparePositions, lineIndex } from '../text/lineIndex.ts';
import type { Range } from '../text/position.ts';
import { hasLoneReturn } from '../text/textBuffer.ts';
import type { LocalFinding } from './localFinding.ts';
import { type ParsedDocument, parseDocument, type Syntax } from './parseDocument.ts';
import { isObject, type JsonValue, valueAt } from './path.ts';
import { type ResourceData, readResource } from './readResource.ts';
import { spanAt } from './tree.ts';

/** What a comment starts with that ignores a finding. */
export const IGNORE_WORD = 'idac-ignore';

/** A document with what is known from its text alone. It is kept and used again as long as the text is the same. */
export interface DocumentContent {
  readonly text: string;
  readonly syntax: Syntax;
  readonly ours: boolean;
  readonly value: JsonValue | undefined;
  readonly resource: ResourceData | undefined;
  /** Of `metadata.name`, which every list of resources shows; counted from the document's first line. */
  readonly nameRange: Range | undefined;
  readonly findings: readonly LocalFinding[];
  readonly usable: boolean;
  readonly hasLoneReturn: boolean;
  readonly mentionsIgnore: boolean;
  /** Its places stay in memory once they are known. */
  held: boolean;
  places: ParsedDocument | undefined;
}

interface Reading {
  readonly syntax: Syntax;
  readonly namedOurs: boolean;
  /** Of a file whose lines decide which documents there are. */
  readonly template: boolean;
  readonly held: boolean;
}

export function readContent(text: string, { syntax, namedOurs, template, held }: Reading): DocumentContent {
  // What cannot be a manifest is not even parsed.
  const isOthers = !namedOurs && !mentionsManifests(text);
  const parsed = isOthers
    ? { text, lines: lineIndex(text), tree: undefined, findings: [] }
    : parseDocument(text, syntax);
  const value = parsed.tree?.value;
  const isCertManagers = !template && !text.includes('{{') && isCertManagerDocument(value);
  const ours = namedOurs || isCertManagers || valueAt(value, ['apiVersion']) === API_VERSION;
  const all = {
    text,
    syntax,
    ours,
    value,
    hasLoneReturn: hasLoneReturn(text),
    mentionsIgnore: text.includes(IGNORE_WORD),
    held,
    places: held || isOthers ? parsed : undefined,
  };
  if (!ours) return { ...all, resource: undefined, nameRange: undefined, findings: [], usable: false };
  // What follows from a syntax error is no mistake of its own. A duplicate key leaves a tree that can be checked.
  const isReadable = parsed.findings.every(({ rule }) => rule === 'manifest/duplicate-key');
  const findings = isReadable ? inOrder([...parsed.findings, ...validateManifest(parsed)]) : parsed.findings;
  const resource = value === undefined ? undefined : readResource(value);
  return {
    ...all,
    resource,
    nameRange: resource && nameRangeIn(parsed),
    findings,
    usable: !findings.some(({ severity }) => severity === 'error'),
  };
}

/** A text that nobody has read yet: it has lines, and nothing is known of what it says. */
export function unreadContent(text: string, syntax: Syntax): DocumentContent {
  return {
    text,
    syntax,
    ours: true,
    value: undefined,
    resource: undefined,
    nameRange: undefined,
    findings: [],
    usable: false,
    hasLoneReturn: false,
    mentionsIgnore: false,
    held: true,
    places: { text, lines: lineIndex(text), tree: undefined, findings: [] },
  };
}

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

/** The last that was asked for and is not held: one question after the other is about the same document. */
let latest: { readonly content: DocumentContent; readonly places: ParsedDocument } | undefined;

/** Where its values stand. They are found again when they are not in memory: only a text is kept of most documents. */
export function placesOf(content: DocumentContent): ParsedDocument {
  if (content.places !== undefined) return content.places;
  if (latest?.content === content) return latest.places;
  const places = parseDocument(content.text, content.syntax);
  if (content.held) content.places = places;
  else latest = { content, places };
  return places;
}

export function hold(content: DocumentContent, held: boolean): void {
  content.held = held;
  if (!held && content.ours) content.places = undefined;
}

function nameRangeIn({ tree, lines }: ParsedDocument): Range | undefined {
  const span = tree && spanAt(tree.root, ['metadata', 'name'], 'value');
  return span && lines.range(span.start, span.end);
}

function inOrder(findings: readonly LocalFinding[]): readonly LocalFinding[] {
  return findings.length < 2
    ? findings
    : findings.toSorted((a, b) => comparePositions(a.range.start, b.range.start));
}
