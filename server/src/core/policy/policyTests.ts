/** Files of tests for policies: what is wrong with one beyond its schema. */
import type { Location } from '../finding.ts';
import { isPolicyTestFile } from '../manifest/fileName.ts';
import { type ManifestDocument, type ManifestFile, parseManifestFile } from '../manifest/manifestFile.ts';
import {
  isObject,
  type JsonObject,
  type JsonValue,
  type ManifestPath,
  type PathPart,
} from '../manifest/path.ts';
import { perValue } from '../rules/perValue.ts';
import { lineIndex } from '../text/lineIndex.ts';
import type { Range } from '../text/position.ts';
import { placeInScalar } from '../text/scalarOffsets.ts';
import { capitalized, sentence } from '../text/sentence.ts';
import { readPackReference } from './packReference.ts';

export interface TestProblem {
  readonly message: string;
  readonly why?: string;
  readonly range: Range;
}

/** Its tests, as far as they are maps. */
function testsOf({ value }: Pick<ManifestDocument, 'value'>): readonly {
  readonly test: JsonObject;
  readonly path: ManifestPath;
}[] {
  const tests = isObject(value) ? value['tests'] : undefined;
  return listOf(tests).flatMap((test, place) => (isObject(test) ? [{ test, path: ['tests', place] }] : []));
}

/** `manifests`: whether mistakes in the texts of manifests count, too. */
export function* testProblems(
  document: ManifestDocument,
  { manifests }: { readonly manifests: boolean },
): Generator<TestProblem> {
  yield* unknownPolicies(document, document.value, []);
  for (const { test, path } of testsOf(document)) {
    yield* unknownPolicies(document, test, path);
    const at = rangeOf(document, [...path, 'name'], 'value');
    if (test['manifests'] === undefined && listOf(test['files']).length === 0)
      yield { message: 'the test has no manifests; add manifests (a text) or files', range: at };
    const expected = listOf(test['expect']).length + listOf(test['absent']).length;
    if (expected === 0 && test['complete'] !== true)
      yield {
        message: 'the test expects nothing, so it cannot fail; add expect, absent or complete: true',
        range: at,
      };
    if (manifests) yield* wrongManifests(document, test['manifests'], [...path, 'manifests']);
  }
}

/** Rules that its tests name, with their places. */
export const rulesNamed = perValue((document: ManifestDocument) => [...namesIn(document)]);

function* namesIn(
  document: ManifestDocument,
): Generator<{ readonly id: string; readonly path: ManifestPath }> {
  for (const { test, path } of testsOf(document))
    for (const list of ['expect', 'absent'])
      for (const [place, each] of listOf(test[list]).entries()) {
        const here = [...path, list, place];
        if (typeof each === 'string') yield { id: each, path: here };
        else if (isObject(each) && typeof each['rule'] === 'string')
          yield { id: each['rule'], path: [...here, 'rule'] };
      }
}

/** All of a project, with their files. */
export function* testDocuments(
  files: readonly ManifestFile[],
): Generator<{ readonly file: string; readonly document: ManifestDocument }> {
  for (const { path: file, documents } of files)
    if (isPolicyTestFile(file)) for (const document of documents) yield { file, document };
}

function* unknownPolicies(
  document: ManifestDocument,
  holder: JsonValue | undefined,
  path: ManifestPath,
): Generator<TestProblem> {
  const named = isObject(holder) ? listOf(holder['policies']) : [];
  for (const [place, name] of named.entries()) {
    const read = typeof name === 'string' ? readPackReference(name) : undefined;
    if (read === undefined || !('problem' in read)) continue;
    const range = rangeOf(document, [...path, 'policies', place], 'value');
    yield { message: read.problem, why: capitalized(sentence(read.hint)), range };
  }
}

/** What is wrong with the manifests in a text, at its place in that text. */
function* wrongManifests(
  document: ManifestDocument,
  text: JsonValue | undefined,
  path: ManifestPath,
): Generator<TestProblem> {
  if (typeof text !== 'string') return;
  const { findings } = parseManifestFile('manifests.identity.yaml', text);
  if (findings.length === 0) return;
  const whole = rangeOf(document, path, 'value');
  const source = sourceOf(document, whole);
  const lines = lineIndex(text);
  for (const { message, range } of findings) {
    const [start, end] = [lines.offsetAt(range.start), lines.offsetAt(range.end)];
    yield { message, range: placeInScalar(source, text, whole.start, start, end) };
  }
}

function sourceOf({ text, lines, startLine }: ManifestDocument, { start, end }: Range): string {
  const offset = ({ line, character }: Location['range']['start']): number =>
    lines.offsetAt({ line: line - startLine, character });
  return text.slice(offset(start), offset(end));
}

function rangeOf(document: ManifestDocument, path: ManifestPath, part: PathPart): Range {
  const start = { line: document.startLine, character: 0 };
  return document.locate(path, part) ?? document.locate(path.slice(0, -1), part) ?? { start, end: start };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
