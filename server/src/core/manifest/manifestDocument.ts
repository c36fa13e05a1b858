import type { Finding } from '../finding.ts';
import type { IdentityId } from '../identity/identityId.ts';
import type { Selection } from '../identity/selection.ts';
import { nearestSpan } from '../schema/place.ts';
import type { LineIndex } from '../text/lineIndex.ts';
import type { Position, Range } from '../text/position.ts';
import { type DocumentContent, readingOf, rememberWritten, writtenOf } from './documentContent.ts';
import { shiftRange, toFinding } from './localFinding.ts';
import type { JsonObject, JsonValue, ManifestPath, PathPart } from './path.ts';
import type { ResourceNames, WrittenParts } from './readResource.ts';
import type { NamedResource, Resource } from './resource.ts';
import type { DocumentPart } from './splitDocuments.ts';
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
  /** The same object for the same text, wherever its document moves in the file. */
  readonly content: object;
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
  /** Whoever asks what it says asks again soon: that stays at hand, without its places. */
  remember(): void;
}

/** A document at its place in a file, with what is known of its text. There are tens of thousands: it holds little itself. */
export interface PlacedDocument extends ManifestDocument {
  readonly lineCount: number;
  readonly content: DocumentContent;
}

/** Puts what is known of a document to where it stands now. */
export function placeDocument(
  path: string,
  { startLine, lineCount }: Omit<DocumentPart, 'text'>,
  index: number,
  content: DocumentContent,
): PlacedDocument {
  return new Placed(path, index, startLine, lineCount, content);
}

class Placed implements PlacedDocument {
  readonly path: string;
  readonly index: number;
  readonly startLine: number;
  readonly lineCount: number;
  readonly content: DocumentContent;
  readonly resource: Resource | undefined;
  readonly findings: readonly Finding[];

  constructor(path: string, index: number, startLine: number, lineCount: number, content: DocumentContent) {
    this.path = path;
    this.index = index;
    this.startLine = startLine;
    this.lineCount = lineCount;
    this.content = content;
    const { names, findings } = content;
    this.resource = names && new PlacedResource(names, this);
    this.findings =
      findings.length === 0
        ? NO_FINDINGS
        : findings.map((finding) => toFinding(finding, path, startLine, this.resource?.id));
  }

  get endLine(): number {
    return this.startLine + this.lineCount;
  }
  get ours(): boolean {
    return this.content.ours;
  }
  get text(): string {
    return this.content.stored.get();
  }
  get value(): JsonValue | undefined {
    return readingOf(this.content).tree?.value;
  }
  get root(): TreeNode | undefined {
    return readingOf(this.content).tree?.root;
  }
  get lines(): LineIndex {
    return readingOf(this.content).lines;
  }

  locate(path: ManifestPath, part: PathPart = 'value'): Range | undefined {
    const { root } = this;
    const span = root && spanAt(root, path, part);
    return span && this.range(span);
  }

  pathAt(position: Position): PathAt | undefined {
    const { root, lines, startLine } = this;
    if (root === undefined || position.line < startLine) return undefined;
    const offset = lines.offsetAt({ line: position.line - startLine, character: position.character });
    const columnOf = (each: number): number => lines.positionAt(each).character;
    const found = findAt(root, offset, position.character, columnOf);
    return { path: found.path, part: found.part, range: this.range(found) };
  }

  remember(): void {
    rememberWritten(this.content);
  }

  range({ start, end }: Span): Range {
    return shiftRange(this.lines.range(start, end), this.startLine);
  }
}

const NO_FINDINGS: readonly Finding[] = [];

const NOTHING_WRITTEN: WrittenParts = { labels: {}, annotations: {}, spec: {} };

class PlacedResource implements Resource {
  private readonly own: ResourceNames;
  private readonly document: Placed;

  constructor(own: ResourceNames, document: Placed) {
    this.own = own;
    this.document = document;
  }

  get id(): IdentityId {
    const { apiVersion, kind, namespace, name } = this.own;
    return { apiVersion, kind, namespace, name };
  }
  get key(): string {
    return this.own.key;
  }
  get kind(): string {
    return this.own.kind;
  }
  get name(): string {
    return this.own.name;
  }
  get namespace(): string {
    return this.own.namespace;
  }
  get formerNames(): readonly string[] {
    return this.own.formerNames;
  }
  get namedKinds(): readonly string[] {
    return this.own.namedKinds;
  }
  get selection(): Selection {
    return this.own.selection;
  }
  get labels(): Readonly<Record<string, string>> {
    return this.written.labels;
  }
  get annotations(): Readonly<Record<string, string>> {
    return this.written.annotations;
  }
  get spec(): JsonObject {
    return this.written.spec;
  }
  get names(): readonly NamedResource[] {
    return readingOf(this.document.content).resource?.names ?? [];
  }
  private get written(): WrittenParts {
    return writtenOf(this.document.content) ?? NOTHING_WRITTEN;
  }
  get file(): string {
    return this.document.path;
  }
  get documentIndex(): number {
    return this.document.index;
  }
  get usable(): boolean {
    return this.document.content.usable;
  }

  find(path: ManifestPath, part?: PathPart): Range | undefined {
    return this.document.locate(path, part);
  }

  mentions(word: string): boolean {
    const { text } = this.document;
    // A text in quotes may have any letter written as an escape.
    return text.includes(word) || text.includes('\\');
  }

  source(path: ManifestPath): string | undefined {
    const { root, text } = this.document;
    const span = root === undefined ? undefined : spanAt(root, path, 'value');
    return span === undefined ? undefined : text.slice(span.start, span.end);
  }

  locate(path: ManifestPath, part: PathPart = 'value'): Range {
    const { content, startLine } = this.document;
    // Every list of resources shows where the name stands, and most documents' places are not in memory.
    if (content.nameSpan !== undefined && part === 'value' && isName(path)) {
      const line = startLine + content.nameSpan.line;
      return {
        start: { line, character: content.nameSpan.start },
        end: { line, character: content.nameSpan.end },
      };
    }
    const { root } = this.document;
    return this.document.range(root === undefined ? { start: 0, end: 0 } : nearestSpan(root, path, part));
  }
}

function isName(path: ManifestPath): boolean {
  return path.length === 2 && path[0] === 'metadata' && path[1] === 'name';
}
