import type { Finding } from '../finding.ts';
import { isTemplate } from '../identity/certManager.ts';
import { comparePositions, contentEnd, lineIndex } from '../text/lineIndex.ts';
import type { Position, Range } from '../text/position.ts';
import { flat, hasLoneReturn } from '../text/textBuffer.ts';
import { placeAt } from './documentAt.ts';
import { hold, readContent, unreadContent } from './documentContent.ts';
import { isOursByName, isPolicyTestFile, POLICY_TEST } from './fileName.ts';
import { MANIFEST_LIMITS } from './limits.ts';
import { type ManifestDocument, type PlacedDocument, placeDocument } from './manifestDocument.ts';
import { type DocumentPart, type Resplit, resplitDocuments, splitDocuments } from './splitDocuments.ts';
import { plainText, type StoreText } from './storedText.ts';

export type { ManifestDocument, PathAt } from './manifestDocument.ts';

export interface ManifestFile {
  readonly path: string;
  readonly text: string;
  readonly documents: readonly ManifestDocument[];
  /** Of its own documents alone: syntax and schema. */
  readonly findings: readonly Finding[];
  /** Those of its documents that hold the word which ignores a finding. */
  readonly ignoring: readonly ManifestDocument[];
}

/** What was typed, as the editor says it. */
export interface TextChange {
  readonly range: Range;
  readonly text: string;
}

const JSON_NAME = /\.json$/i;
/**
 * Reads a file's documents. Only those whose text changed since `previous` are parsed, so a key costs the same in a file
 * of 50 lines and of 50,000. Never throws: what is wrong with the text is in the findings. `held`: the places of its values
 * will be asked for, as those of a file that is open in an editor; others' are found again when somebody asks.
 */
export function parseManifestFile(
  path: string,
  text: string,
  previous?: ManifestFile,
  held = true,
  store: StoreText = plainText,
): ManifestFile {
  if (text.length > MANIFEST_LIMITS.fileSize) return tooLarge(path, text);
  const template = !isOursByName(path) && isTemplate(text);
  const known = previous?.path === path ? (previous as JoinedFile) : NOTHING;
  // In a template other documents count than in the same text without its first line of a template.
  const before = known.template === template ? known : NOTHING;
  const isWhole = JSON_NAME.test(path);
  const split = isWhole
    ? { head: 0, middle: [wholeText(text)], tail: 0 }
    : before.documents.length === 0
      ? { head: 0, middle: splitDocuments(text), tail: 0 }
      : resplitDocuments(text, before.documents);
  if (split.head + split.middle.length + split.tail > MANIFEST_LIMITS.documents) return tooLarge(path, text);
  return joined(path, before, split, { text, held, template, store });
}

/**
 * The same file after one edit, without its whole text being looked at. A range is that of the protocol: lines end at LF, CRLF
 * and CR, and what lies behind a line's end means that end. Undefined: the file has to be read as a whole.
 */
export function editManifestFile(file: ManifestFile, { range, text }: TextChange): ManifestFile | undefined {
  const before = file as JoinedFile;
  const kept = before.documents;
  if (kept.length === 0 || JSON_NAME.test(file.path)) return undefined;
  if (hasLoneReturn(text) || before.loneReturns > 0) return undefined;
  const [start, end] =
    comparePositions(range.start, range.end) <= 0 ? [range.start, range.end] : [range.end, range.start];
  const first = placeAt(kept, start.line);
  const last = placeAt(kept, end.line);
  // The neighbours are split again with what changed: dashes that came or went join them to it.
  const head = Math.max(0, first - 1);
  const tail = Math.max(0, kept.length - last - 2);
  const around = kept.slice(head, kept.length - tail);
  const region = around.map((document) => document.text).join('');
  const startOf = (document: number): number =>
    around.slice(0, document - head).reduce((sum, { text: each }) => sum + each.length, 0);
  const from = startOf(first) + offsetIn(kept[first], start);
  const to = startOf(last) + offsetIn(kept[last], end);
  const startLine = kept[head]?.startLine ?? 0;
  const middle = splitDocuments(flat(region.slice(0, from) + text + region.slice(to))).map((part) => ({
    ...part,
    startLine: startLine + part.startLine,
  }));
  if (head + middle.length + tail > MANIFEST_LIMITS.documents) return undefined;
  if (before.template || (!isOursByName(file.path) && middle.some((part) => isTemplate(part.text))))
    return undefined;
  const after = joined(
    file.path,
    before,
    { head, middle, tail },
    { held: true, template: false, store: plainText },
  );
  return after.length > MANIFEST_LIMITS.fileSize ? undefined : after;
}

/** Whether a file has documents, touched by such changes or (without any) at all, that take longer to read than a key may. */
export function isReadLate(file: ManifestFile, changes?: readonly TextChange[]): boolean {
  const { documents } = file as JoinedFile;
  const isLarge = ({ text }: { readonly text: string }): boolean => text.length > MANIFEST_LIMITS.readAtOnce;
  if (changes === undefined) return documents.some(isLarge);
  return changes.some((change) => {
    const { start, end } = change.range;
    const lines = [placeAt(documents, start.line), placeAt(documents, end.line)];
    const touched = documents.slice(Math.min(...lines), Math.max(...lines) + 1);
    return isLarge(change) || touched.some(isLarge);
  });
}

/** The documents of a text as they stand in it, of which nothing else is known: enough to complete what is typed. */
export function unreadManifestFile(path: string, text: string): ManifestFile {
  const isJson = JSON_NAME.test(path);
  const parts = isJson ? [wholeText(text)] : splitDocuments(text);
  const documents = parts.map((part, index) =>
    placeDocument(path, part, index, unreadContent(part.text, isJson ? 'json' : 'yaml')),
  );
  return { ...NOTHING, path, text, documents };
}

function offsetIn(document: PlacedDocument | undefined, { line, character }: Position): number {
  if (document === undefined) return 0;
  const { text, startLine } = document;
  if (line < startLine) return 0;
  let start = 0;
  for (let at = startLine; at < line; at += 1) {
    const newline = text.indexOf('\n', start);
    if (newline === -1) return text.length;
    start = newline + 1;
  }
  const newline = text.indexOf('\n', start);
  const end = newline === -1 ? text.length : contentEnd(text, start, newline);
  return Math.min(start + Math.max(0, character), end);
}

/** A file with sums over its documents, so that after an edit only those that changed are looked at. */
interface JoinedFile extends ManifestFile {
  readonly documents: readonly PlacedDocument[];
  readonly length: number;
  /** Its documents are left alone: some of its lines decide which there are. */
  readonly template: boolean;
  /** Of its documents, how many have line ends that only the protocol counts. */
  readonly loneReturns: number;
  /** Its documents with findings. */
  readonly wrong: readonly PlacedDocument[];
  readonly ignoring: readonly PlacedDocument[];
}

const NOTHING: JoinedFile = {
  path: '',
  text: '',
  documents: [],
  findings: [],
  length: 0,
  template: false,
  loneReturns: 0,
  wrong: [],
  ignoring: [],
};

interface Joining {
  readonly text?: string;
  readonly held: boolean;
  readonly template: boolean;
  readonly store: StoreText;
}

/** Documents that are the same, at both ends, and those that are read between them. */
function joined(
  path: string,
  before: JoinedFile,
  { head, middle, tail }: Resplit,
  { text, held, template, store }: Joining,
): JoinedFile {
  const kept = before.documents;
  const end = kept.length - tail;
  const gone = kept.slice(head, end);
  const reading = {
    syntax: JSON_NAME.test(path) ? 'json' : 'yaml',
    namedOurs: isOursByName(path),
    kind: isPolicyTestFile(path) ? POLICY_TEST : undefined,
    template,
    held,
    store,
  } as const;
  const put = (part: DocumentPart, index: number): PlacedDocument => {
    const here = kept[index];
    const same = here?.text === part.text ? here : gone.find((each) => each.text === part.text);
    return same !== undefined && same.index === index && same.startLine === part.startLine
      ? same
      : placeDocument(path, part, index, same?.content ?? readContent(part.text, reading));
  };
  const came = middle.map((part, index) => put(part, head + index));
  const line = came.at(-1)?.endLine ?? kept[head - 1]?.endLine ?? 0;
  const moved = line - (kept[end - 1]?.endLine ?? 0);
  const stays = came.length === gone.length && moved === 0;
  const rest = kept
    .slice(end)
    .map((document) =>
      stays
        ? document
        : placeDocument(
            path,
            { startLine: document.startLine + moved, lineCount: document.lineCount },
            document.index + came.length - gone.length,
            document.content,
          ),
    );
  /** Of all documents those for which something holds, when it is known of those before. */
  const those = (
    known: readonly PlacedDocument[],
    holds: (document: PlacedDocument) => boolean,
  ): readonly PlacedDocument[] => [
    ...known.filter(({ index }) => index < head),
    ...came.filter(holds),
    ...(stays ? known.filter(({ index }) => index >= end) : rest.filter(holds)),
  ];
  const wrong = those(before.wrong, ({ findings }) => findings.length > 0);
  const lengthOf = (documents: readonly PlacedDocument[]): number =>
    documents.reduce((sum, { content }) => sum + content.stored.length, 0);
  const returnsIn = (documents: readonly PlacedDocument[]): number =>
    documents.reduce((sum, { content }) => sum + (content.hasLoneReturn ? 1 : 0), 0);
  const documents = kept.slice(0, head).concat(came, rest);
  let whole = held ? text : undefined;
  return {
    path,
    template,
    length: before.length + lengthOf(came) - lengthOf(gone),
    loneReturns: before.loneReturns + returnsIn(came) - returnsIn(gone),
    wrong,
    ignoring: those(before.ignoring, ({ content }) => content.mentionsIgnore),
    documents,
    findings: wrong.flatMap(({ findings }) => findings),
    get text() {
      const now = whole ?? documents.map((document) => document.text).join('');
      if (held) whole = now;
      return now;
    },
  };
}

/** Whether the places of a file's values are kept: those of an open file are asked for all the time. */
export function holdPlaces(file: ManifestFile, held: boolean): void {
  for (const { content } of (file as JoinedFile).documents) hold(content, held);
}

function wholeText(text: string): DocumentPart {
  return { text, startLine: 0, lineCount: lineIndex(text).lineCount - 1 };
}

function tooLarge(path: string, text: string): JoinedFile {
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
  return { ...NOTHING, path, text, findings: [finding] };
}
