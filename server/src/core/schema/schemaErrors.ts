import type { LocalFinding } from '../manifest/localFinding.ts';
import { isObject, type JsonValue, type ManifestPath, valueAt } from '../manifest/path.ts';
import { oneOf, quotable } from '../text/quote.ts';
import { likelyFields, likelyValues } from './likely.ts';
import type { Place } from './place.ts';
import { resolve, schemaAt } from './schemaAt.ts';
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
    const { finding, meant } = unknownField(mistake, root, value, place);
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
      return undefined;
    case 'required': {
      const missing = String(params['missingProperty']);
      if (path.length === 0 && missing === 'apiVersion') return undefined;
      return misspelt.has(JSON.stringify([path, missing]))
        ? undefined
        : missingField(path, missing, root, place);
    }
    case 'type':
      return wrongType(path, root, value, place);
    case 'enum':
      return notAllowed(path, root, value, place);
    case 'uniqueItems':
      return duplicateItem(path, params, place);
    case 'minLength':
    case 'minItems':
    case 'minProperties': {
      const message = `${fieldName(path)} is empty; ${exampleOf(schemaAt(root, path)) ?? 'give it a value or remove it'}`;
      return place.finding('manifest/empty-value', message, path);
    }
    default:
      return badValue(mistake, root, place);
  }
}

function unknownField(
  mistake: SchemaMistake,
  root: Schema,
  value: JsonValue,
  place: Place,
): { finding: LocalFinding; meant: string | undefined } {
  const key = String(mistake.params['additionalProperty']);
  const path = [...mistake.path, key];
  const schema = schemaAt(root, mistake.path);
  const known = Object.keys(schema?.properties ?? {});
  const parent = valueAt(value, mistake.path);
  const isPresent = (field: string): boolean => isObject(parent) && Object.hasOwn(parent, field);
  const close = likelyFields(key, known).filter((each) => !isPresent(each));
  const meant = close[0];
  const name = quotable(key);
  const parentName = mistake.path.length === 0 ? 'a manifest' : fieldName(mistake.path);
  let hint =
    known.length === 0
      ? `${parentName} has no such field`
      : `${parentName} takes ${shortList(known.filter((each) => !isPresent(each)))}`;
  const inner = meant === undefined ? belongsIn(key, root, schema) : undefined;
  if (inner !== undefined) hint = `it belongs in "${inner}"`;
  if (meant !== undefined) hint = `did you mean "${meant}"?`;
  const fixes = close.slice(0, MOST_FIXES).map((each, index) => place.replaceKey(path, each, index === 0));
  const message = `unknown field${name === undefined ? '' : ` ${name}`}; ${hint}`;
  return { finding: place.finding('manifest/unknown-field', message, path, { part: 'key', fixes }), meant };
}

/** A field of this map that has a field of that name: `contact` belongs in `owner`. */
function belongsIn(key: string, root: Schema, schema: Schema | undefined): string | undefined {
  return Object.entries(schema?.properties ?? {}).find(([, inner]) => {
    const properties = resolve(root, inner).properties;
    return properties !== undefined && Object.hasOwn(properties, key);
  })?.[0];
}

function missingField(path: ManifestPath, missing: string, root: Schema, place: Place): LocalFinding {
  const schema = schemaAt(root, [...path, missing]);
  const example = exampleOf(schema);
  const parent = path.length === 0 ? 'the manifest' : fieldName(path);
  const message = `${parent} needs "${missing}"${example === undefined ? '' : `; ${example}`}`;
  const value = schema?.default ?? schema?.examples?.[0] ?? schema?.enum?.[0];
  const fix = typeof value === 'string' ? place.addField(path, missing, value, true) : undefined;
  return place.finding('manifest/missing-field', message, [...path, missing], {
    part: 'key',
    fixes: fix === undefined ? [] : [fix],
  });
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
  const close = likelyValues(String(actual), allowed);
  const others = allowed.filter((each) => !close.includes(each));
  const hint =
    close[0] === undefined
      ? `allowed ${allowed.length === 1 ? 'is' : 'are'} ${shortList(allowed)}`
      : `did you mean "${close[0]}"?`;
  const fixes = [...close, ...others]
    .slice(0, MOST_FIXES)
    .map((each, index) =>
      place.replaceValue(path, each, index === 0 && (close.length > 0 || allowed.length === 1)),
    );
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
  place: Place,
): LocalFinding {
  const places = [Number(params['i']), Number(params['j'])].sort((a, b) => a - b);
  const [first = 0, second = 0] = places;
  const related = [{ message: 'the first one', range: place.range([...path, first], 'value') }];
  return place.finding(
    'manifest/duplicate-item',
    `${fieldName(path)} has this value twice; remove one of them`,
    [...path, second],
    { related },
  );
}

function badValue(mistake: SchemaMistake, root: Schema, place: Place): LocalFinding {
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
  return place.finding(
    'manifest/bad-value',
    `${fieldName(mistake.path)} ${rule}${example === undefined ? '' : `; ${example}`}`,
    mistake.path,
  );
}
