import { isCertManagerKind, isFilledInLater } from '../identity/certManager.ts';
import { MANIFEST_LIMITS } from '../manifest/limits.ts';
import type { LocalFinding } from '../manifest/localFinding.ts';
import type { ParsedDocument } from '../manifest/parseDocument.ts';
import { isObject, type JsonValue, type ManifestPath } from '../manifest/path.ts';
import { oneOf, quotable } from '../text/quote.ts';
import { asCertManagerReads, isUndecided } from './certManagerFindings.ts';
import { emptyValue } from './emptyValue.ts';
import { checkFormat } from './formats/formats.ts';
import { VALIDATORS } from './generated/validators.js';
import { checkKind } from './kind.ts';
import { type Place, placeIn } from './place.ts';
import { backendTypeOf, described, schemaOf } from './schemaAt.ts';
import { explain, type SchemaMistake } from './schemaErrors.ts';
import { exampleOf, fieldName } from './schemaWords.ts';

/**
 * One finding per mistake of a manifest's document, on the wrong token. The document has no syntax error. `named`: what it is by
 * the name of its file, whatever it says.
 */
export function validateManifest(document: ParsedDocument, named?: string): readonly LocalFinding[] {
  const { tree } = document;
  if (tree === undefined) return [];
  const place = placeIn(document.text, document.lines, tree.root);
  if (!isObject(tree.value)) {
    return [
      place.finding(
        'manifest/wrong-type',
        named === undefined
          ? 'a manifest is a map with apiVersion, kind, metadata and spec'
          : `it must be a map with ${oneOf(Object.keys(schemaOf(named)?.properties ?? {}))}`,
        [],
      ),
    ];
  }
  const { kind, findings } =
    named === undefined ? checkKind(tree.value, place) : { kind: named, findings: [] };
  if (kind === undefined) return findings;
  const type = kind === 'Backend' ? backendTypeOf(tree.value) : undefined;
  const root = schemaOf(kind, type);
  const validator = VALIDATORS[`${kind}:${type ?? ''}`] ?? VALIDATORS[kind];
  if (root === undefined || validator === undefined) return findings;

  const mistakes: SchemaMistake[] = [];
  if (!validator(tree.value)) {
    for (const error of (validator.errors ?? []).slice(0, 2 * MANIFEST_LIMITS.findings)) {
      mistakes.push({
        keyword: error.keyword,
        params: error.params,
        schemaPath: error.schemaPath,
        path: pathOf(error.instancePath, tree.value),
      });
    }
  }
  const observed = isCertManagerKind(kind);
  const decided = observed ? mistakes.filter((each) => !isUndecided(each, tree.value)) : mistakes;
  const found = [
    ...findings,
    ...explain(decided, root, tree.value, place),
    ...formats(kind, type, tree.value, place),
  ];
  return unique(observed ? asCertManagerReads(found, tree.value) : found).slice(0, MANIFEST_LIMITS.findings);
}

function formats(kind: string, type: string | undefined, value: JsonValue, place: Place): LocalFinding[] {
  const root = schemaOf(kind, type);
  if (root === undefined) return [];
  const found: LocalFinding[] = [];
  for (const { path, text, schema } of described(root, value)) {
    if (found.length >= MANIFEST_LIMITS.findings) break;
    if (isCertManagerKind(kind) && isFilledInLater(text)) continue;
    const problem = schema.format === undefined ? undefined : checkFormat(schema.format, text);
    if (problem === undefined) continue;
    if (text === '') {
      const example = exampleOf(schema) ?? 'give it a value or remove it';
      found.push(emptyValue(root, path, `${fieldName(path)} is empty; ${example}`, place));
      continue;
    }
    const { instead, items, message } = problem;
    const shown = quotable(instead);
    const hint = shown === undefined || message.includes(shown.slice(1, -1)) ? '' : `; write ${shown}`;
    const fixes =
      instead !== undefined
        ? [place.replaceValue(path, instead, true)]
        : items !== undefined && typeof path.at(-1) === 'number'
          ? [place.replaceByItems(path, items)]
          : [];
    found.push(place.finding(`manifest/${problem.rule}`, `${message}${hint}`, path, { fixes }));
  }
  return found;
}

/** A JSON pointer (RFC 6901) as a path; whether a step is an index is decided by what it steps into. */
function pathOf(pointer: string, root: JsonValue): ManifestPath {
  if (pointer === '') return [];
  let at: JsonValue | undefined = root;
  return pointer
    .slice(1)
    .split('/')
    .map((step) => {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      if (Array.isArray(at)) {
        at = (at as readonly JsonValue[])[Number(key)];
        return Number(key);
      }
      at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
      return key;
    });
}

/** Content that an alias repeats has one place: what is wrong there is said once. */
function unique(findings: readonly LocalFinding[]): LocalFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, range }) => {
    const id = `${rule} ${range.start.line}:${range.start.character}-${range.end.line}:${range.end.character}`;
    // Several fields may be missing from one map: they share a place.
    if (rule === 'manifest/missing-field') return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
