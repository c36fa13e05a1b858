import type { Finding } from '../finding.ts';
import { API_VERSION } from '../identity/identityId.ts';
import { nearestSpan } from '../schema/place.ts';
import { validateManifest } from '../schema/validate.ts';
import { comparePositions, type LineIndex, lineIndex } from '../text/lineIndex.ts';
import type { Position, Range } from '../text/position.ts';
import { MANIFEST_LIMITS } from './limits.ts';
import { type LocalFinding, shiftRange, toFinding } from './localFinding.ts';
import { type ParsedDocument, parseDocument, type Syntax } from './parseDocument.ts';
import { type JsonValue, type ManifestPath, type PathPart, valueAt } from './path.ts';
import { type ResourceData, readResource } from './readResource.ts';
import type { Resource } from './resource.ts';
import { type DocumentPart, resplitDocuments, splitDocuments } from './splitDocuments.ts';
import { findAt, type Span, spanAt, type TreeNode } from './tree.ts';

/** What stands at a position. */
export interface PathAt {
  /** Path of the entry whose key or value the position is in; of the parent, where it is on an empty line. */
  readonly path: ManifestPath;
  readonly part: PathPart;
  /** Range of that key or value in the file. */
  readonly range: Range;
}

/** One YAML document (or the one JSON value) of a file. */
export interface ManifestDocument {
  readonly index: number;
  /** First line of its part of the file; the part of the first document starts at 0. */
  readonly startLine: number;
  /** The line after its last. */
  readonly endLine: number;
  /** It is a manifest of ours; others in the file are left alone. */
  readonly ours: boolean;
  readonly text: string;
  /** Undefined: empty, or not understood. */
  readonly value: JsonValue | undefined;
  /** Places of what is understood; offsets in `text`. */
  readonly root: TreeNode | undefined;
  /** Of `text`; its line 0 is `startLine` of the file. */
  readonly lines: LineIndex;
  /** Ours, and has at least a kind and a name. */
  readonly resource: Resource | undefined;
  /** Syntax and schema; ranges in the file. */
  readonly findings: readonly Finding[];
  /** In the file; undefined where there is no such value. */
  locate(path: ManifestPath, part?: PathPart): Range | undefined;
  pathAt(position: Position): PathAt | undefined;
}

export interface ManifestFile {
  readonly path: string;
  readonly text: string;
  readonly documents: readonly ManifestDocument[];
  /** Of its own documents alone: syntax and schema. */
  readonly findings: readonly Finding[];
}

/** Names that make a file ours whatever its documents say. */
const OUR_NAME = /\.identity\.(ya?ml|json)$/i;
const MAYBE_OURS = /\.ya?ml$/i;

export function isIdentityFile(path: string): boolean {
  return OUR_NAME.test(path);
}

/** Files of another name count document by document, by their apiVersion. */
export function mayHoldManifests(path: string): boolean {
  return OUR_NAME.test(path) || MAYBE_OURS.test(path);
}

/** A document with what is known from its text alone. It is kept and used again as long as the text is the same. */
interface Content {
  readonly parsed: ParsedDocument;
  readonly ours: boolean;
  readonly resource: ResourceData | undefined;
  readonly findings: readonly LocalFinding[];
  readonly usable: boolean;
}

interface KeptDocument extends ManifestDocument {
  readonly lineCount: number;
  readonly content: Content;
}

/**
 * Reads a file's documents. Only those whose text changed since `previous` are parsed, so a key costs the same in a file
 * of 50 lines and of 50,000. Never throws: what is wrong with the text is in the findings.
 */
export function parseManifestFile(path: string, text: string, previous?: ManifestFile): ManifestFile {
  if (text.length > MANIFEST_LIMITS.fileSize) return tooLarge(path, text);
  const isJson = /\.json$/i.test(path);
  const kept = previous?.path === path ? (previous.documents as readonly KeptDocument[]) : [];
  const { head, middle, tail } = isJson
    ? { head: 0, middle: [wholeText(text)], tail: 0 }
    : kept.length === 0
      ? { head: 0, middle: splitDocuments(text), tail: 0 }
      : resplitDocuments(text, kept);
  if (head + middle.length + tail > MANIFEST_LIMITS.documents) return tooLarge(path, text);
  // Asked only for documents that left their place: hashing every text of a large file costs more than all the rest.
  let byText: Map<string, KeptDocument> | undefined;
  const moved = (wanted: string): KeptDocument | undefined => {
    byText ??= new Map(kept.map((document) => [document.text, document]));
    return byText.get(wanted);
  };
  const namedOurs = isIdentityFile(path);
  const documents = kept.slice(0, head);
  const add = (part: DocumentPart, before: KeptDocument | undefined): void => {
    const index = documents.length;
    const same = before?.text === part.text ? before : moved(part.text);
    const { startLine } = part;
    if (same !== undefined && same.index === index && same.startLine === startLine) {
      documents.push(same);
      return;
    }
    const content = same?.content ?? readContent(part.text, isJson ? 'json' : 'yaml', namedOurs);
    documents.push(place(path, part, index, content));
  };
  for (const part of middle) add(part, kept[documents.length]);
  for (const document of kept.slice(kept.length - tail)) {
    const startLine = documents.at(-1)?.endLine ?? 0;
    add({ text: document.text, startLine, lineCount: document.lineCount }, document);
  }
  return { path, text, documents, findings: documents.flatMap(({ findings }) => findings) };
}

function wholeText(text: string): DocumentPart {
  return { text, startLine: 0, lineCount: lineIndex(text).lineCount - 1 };
}

function readContent(text: string, syntax: Syntax, namedOurs: boolean): Content {
  const parsed = parseDocument(text, syntax);
  const value = parsed.tree?.value;
  const ours = namedOurs || valueAt(value, ['apiVersion']) === API_VERSION;
  if (!ours) return { parsed, ours, resource: undefined, findings: [], usable: false };
  // What follows from a syntax error is no mistake of its own. A duplicate key leaves a tree that can be checked.
  const isReadable = parsed.findings.every(({ rule }) => rule === 'manifest/duplicate-key');
  const findings = isReadable ? inOrder([...parsed.findings, ...validateManifest(parsed)]) : parsed.findings;
  return {
    parsed,
    ours,
    resource: value === undefined ? undefined : readResource(value),
    findings,
    usable: !findings.some(({ severity }) => severity === 'error'),
  };
}

function inOrder(findings: readonly LocalFinding[]): readonly LocalFinding[] {
  return findings.toSorted((a, b) => comparePositions(a.range.start, b.range.start));
}

/** Puts what is known of a document to where it stands now. */
function place(path: string, part: DocumentPart, index: number, content: Content): KeptDocument {
  const { startLine, lineCount } = part;
  const { parsed } = content;
  const root = parsed.tree?.root;
  const toRange = ({ start, end }: Span): Range => shiftRange(parsed.lines.range(start, end), startLine);
  const find = (at: ManifestPath, which: PathPart = 'value'): Range | undefined => {
    const span = root === undefined ? undefined : spanAt(root, at, which);
    return span === undefined ? undefined : toRange(span);
  };
  const resource: Resource | undefined = content.resource && {
    ...content.resource,
    file: path,
    documentIndex: index,
    usable: content.usable,
    find,
    source: (at) => {
      const span = root === undefined ? undefined : spanAt(root, at, 'value');
      return span === undefined ? undefined : part.text.slice(span.start, span.end);
    },
    locate: (at, which = 'value') =>
      toRange(root === undefined ? { start: 0, end: 0 } : nearestSpan(root, at, which)),
  };
  return {
    index,
    startLine,
    lineCount,
    endLine: startLine + lineCount,
    ours: content.ours,
    text: part.text,
    value: parsed.tree?.value,
    root,
    lines: parsed.lines,
    resource,
    findings: content.findings.map((finding) => toFinding(finding, path, startLine, resource?.id)),
    locate: find,
    pathAt: (position) => {
      if (root === undefined || position.line < startLine) return undefined;
      const local = { line: position.line - startLine, character: position.character };
      const columnOf = (offset: number): number => parsed.lines.positionAt(offset).character;
      const found = findAt(root, parsed.lines.offsetAt(local), position.character, columnOf);
      return { path: found.path, part: found.part, range: toRange(found) };
    },
    content,
  };
}

function tooLarge(path: string, text: string): ManifestFile {
  const megabytes = MANIFEST_LIMITS.fileSize / 1024 / 1024;
  const bounds = `${megabytes} MiB or ${MANIFEST_LIMITS.documents} documents`;
  const start = { line: 0, character: 0 };
  const finding: Finding = {
    rule: 'manifest/too-large',
    severity: 'error',
    message: `the file was not read: it is larger than ${bounds}; split it into several files`,
    file: path,
    range: { start, end: { line: 0, character: 1 } },
    related: [],
    fixes: [],
  };
  return { path, text, documents: [], findings: [finding] };
}
