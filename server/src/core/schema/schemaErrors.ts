import type { LocalFinding } from '../manifest/localFinding.ts';
import { type JsonValue, type ManifestPath, valueAt } from '../manifest/path.ts';
import { oneOf, quotable } from '../text/quote.ts';
import { emptyValue } from './emptyValue.ts';
import { likelyValues } from './likely.ts';
import type { Place } from './place.ts';
import { schemaAt } from './schemaAt.ts';
import { missingField, unknownField } from './schemaFieldErrors.ts';
import type { Schema } from './schemaNode.ts';
import { wrongType } from './schemaTypeErrors.ts';
import { exampleOf, fieldName, shortList } from './schemaWords.ts';

/** What the compiled validator found, with its place as a path. */
export interface SchemaMistake {
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly schemaPath: string;
  readonly path: ManifestPath;
}

const MOST_FIXES = 5;

/** Turns a validator's errors into findings that a person can act on: one per mistake. */
export function explain(
  mistakes: readonly SchemaMistake[],
  root: Schema,
  value: JsonValue,
  place: Place,
): readonly LocalFinding[] {
  const misspelt = new Set<string>();
  const findings: LocalFinding[] = [];
  // Unknown fields first: one that is a misspelt required field answers for that one, too.
  for (const mistake of mistakes) {
    if (mistake.keyword !== 'additionalProperties') continue;
    const key = String(mistake.params['additionalProperty']);
    const { finding, meant } = unknownField(mistake.path, key, root, value, place);
    if (meant !== undefined) misspelt.add(JSON.stringify([mistake.path, meant]));
    findings.push(finding);
  }
  for (const mistake of mistakes) {
    const finding = explainOne(mistake, root, value, place, misspelt);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

function explainOne(
  mistake: SchemaMistake,
  root: Schema,
  value: JsonValue,
  place: Place,
  misspelt: ReadonlySet<string>,
): LocalFinding | undefined {
  const { path, params } = mistake;
  // `apiVersion` and `kind` were looked at before the schema was chosen.
  const isDecided = path.length === 1 && (path[0] === 'apiVersion' || path[0] === 'kind');
  if (isDecided && (mistake.keyword === 'enum' || mistake.keyword === 'type')) return undefined;
  switch (mistake.keyword) {
    case 'additionalProperties':
    // What the branch asks for is a mistake of its own.
    case 'if':
      return undefined;
    case 'required': {
      const missing = String(params['missingProperty']);
      if (path.length === 0 && missing === 'apiVersion') return undefined;
      return misspelt.has(JSON.stringify([path, missing]))
        ? undefined
        : missingField(path, missing, root, place, mistake.schemaPath.includes('/then/') ? value : undefined);
    }
    case 'type':
      return wrongType(path, root, value, place);
    case 'enum':
      return notAllowed(path, root, value, place);
    case 'uniqueItems':
      return duplicateItem(path, params, value, place);
    case 'minLength':
    case 'minItems':
    case 'minProperties': {
      const schema = schemaAt(root, path);
      // A text with a form of its own is looked at with the others that have one.
      if (mistake.keyword === 'minLength' && schema?.format !== undefined) return undefined;
      return emptyValue(
        root,
        path,
        `${fieldName(path)} is empty; ${exampleOf(schema) ?? 'give it a value or remove it'}`,
        place,
      );
    }
    default:
      return badValue(mistake, root, value, place);
  }
}

function notAllowed(
  path: ManifestPath,
  root: Schema,
  value: JsonValue,
  place: Place,
): LocalFinding | undefined {
  const schema = schemaAt(root, path) ?? {};
  const actual = valueAt(value, path);
  // Of another type altogether: that finding is enough.
  if (schema.type === 'string' && typeof actual !== 'string') return undefined;
  const allowed = (schema.enum ?? []).map(String);
  const words = typeof actual === 'string' ? actual.split(/[\s,;]+/) : [];
  if (words.length > 1 && typeof path.at(-1) === 'number' && words.every((word) => allowed.includes(word))) {
    const message = `${quotable(actual) ?? 'this value'} is not allowed in ${fieldName(path)}; put a comma between the words`;
    return place.finding('manifest/not-allowed', message, path, {
      fixes: [place.replaceByItems(path, words)],
    });
  }
  const close = likelyValues(String(actual), allowed);
  const others = allowed.filter((each) => !close.includes(each));
  const hint =
    close[0] === undefined
      ? `allowed ${allowed.length === 1 ? 'is' : 'are'} ${shortList(allowed)}`
      : `did you mean "${close[0]}"?`;
  // A list that takes one thing alone says what was meant; of a choice with one value somebody wanted another.
  const isOnlyItem = allowed.length === 1 && typeof path.at(-1) === 'number';
  const fixes = [...close, ...others]
    .slice(0, MOST_FIXES)
    .map((each, index) => place.replaceValue(path, each, index === 0 && (close.length > 0 || isOnlyItem)));
  return place.finding(
    'manifest/not-allowed',
    `${quotable(actual) ?? 'this value'} is not allowed in ${fieldName(path)}; ${hint}`,
    path,
    { fixes },
  );
}

function duplicateItem(
  path: ManifestPath,
  params: Readonly<Record<string, unknown>>,
  value: JsonValue,
  place: Place,
): LocalFinding {
  const places = [Number(params['i']), Number(params['j'])].sort((a, b) => a - b);
  const [first = 0, second = 0] = places;
  const related = [{ message: 'the first one', range: place.range([...path, first], 'value') }];
  const fix = place.remove([...path, second]);
  const shown = quotable(valueAt(value, [...path, second])) ?? 'this value';
  return place.finding(
    'manifest/duplicate-item',
    `${shown} is in ${fieldName(path)} twice; remove one of them`,
    [...path, second],
    { related, fixes: fix === undefined ? [] : [fix] },
  );
}

function badValue(mistake: SchemaMistake, root: Schema, value: JsonValue, place: Place): LocalFinding {
  const schema = schemaAt(root, mistake.path);
  const limit = mistake.params['limit'];
  const limits: Readonly<Record<string, string>> = {
    maxLength: `has at most ${limit} characters`,
    minimum: `is at least ${limit}`,
    maximum: `is at most ${limit}`,
    maxProperties: `takes one of ${oneOf(Object.keys(schema?.properties ?? {}))}, not several`,
  };
  const rule =
    limits[mistake.keyword] ??
    `takes no such value${schema?.title === undefined ? '' : ` as ${schema.title.toLowerCase()}`}`;
  const example = exampleOf(schema);
  const tooMany =
    mistake.keyword === 'maxProperties' ? Object.keys(valueAt(value, mistake.path) ?? {}).at(-1) : undefined;
  return place.finding(
    'manifest/bad-value',
    `${fieldName(mistake.path)} ${rule}${example === undefined ? '' : `; ${example}`}`,
    tooMany === undefined ? mistake.path : [...mistake.path, tooMany],
    { part: tooMany === undefined ? 'value' : 'key' },
  );
}
