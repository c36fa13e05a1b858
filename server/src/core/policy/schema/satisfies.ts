/**
 * Whether a value satisfies a schema that a repository brings along. Compiled code (ajv) would be evaluated at run time, and its
 * patterns could go back for ever: this walks the schema in bounded steps, with patterns by RE2.
 */
import { RE2JS } from '@bufbuild/re2';
import { isObject, type JsonObject, type JsonValue, type ManifestPath } from '../../manifest/path.ts';
import { canonicalJson } from '../../text/canonicalJson.ts';
import { oneOf, quotable } from '../../text/quote.ts';

export interface SchemaVerdict {
  /** In the value. */
  readonly path: ManifestPath;
  /** A field is missing there, or one is too many: it is about the key. */
  readonly part: 'key' | 'value';
  readonly message: string;
}

const LIMITS = { steps: 20_000, depth: 40, verdicts: 50, pattern: 500, matched: 4000, shown: 4 } as const;

export function satisfies(
  schema: JsonValue,
  value: JsonValue,
  {
    root = isObject(schema) ? schema : {},
    spent = { steps: 0 },
    isFilledIn = () => false,
  }: Partial<Walk> = {},
): readonly SchemaVerdict[] {
  const walk: Walk = { root, spent, isFilledIn };
  return check(walk, schema, value, [], 0).slice(0, LIMITS.verdicts);
}

/** Steps that were taken, by one question or by several that have their bound together. */
export interface Spent {
  steps: number;
}

interface Walk {
  /** Where the definitions are, of a part of a schema. */
  readonly root: JsonObject;
  readonly spent: Spent;
  /** Paths of the value that nobody wrote: what stands there may be wrong, and is not too much. */
  isFilledIn(path: ManifestPath): boolean;
}

type Checker = (given: {
  readonly walk: Walk;
  readonly schema: JsonObject;
  readonly asked: JsonValue;
  readonly value: JsonValue;
  readonly path: ManifestPath;
  readonly depth: number;
}) => readonly SchemaVerdict[];

function check(
  walk: Walk,
  schema: JsonValue,
  value: JsonValue,
  path: ManifestPath,
  depth: number,
): readonly SchemaVerdict[] {
  const steps = ++walk.spent.steps;
  if (steps > LIMITS.steps || depth > LIMITS.depth)
    return steps === LIMITS.steps + 1 ? [at(path, 'the schema is too large to be checked here')] : [];
  if (schema === false) return walk.isFilledIn(path) ? [] : [at(path, 'nothing may stand here', 'key')];
  if (!isObject(schema)) return [];
  return Object.keys(schema).flatMap((keyword) => {
    const asked = schema[keyword];
    const checker = Object.hasOwn(CHECKERS, keyword) ? CHECKERS[keyword] : undefined;
    if (asked === undefined || checker === undefined) return [];
    return checker({ walk, schema, asked, value, path, depth: depth + 1 });
  });
}

const at = (path: ManifestPath, message: string, part: SchemaVerdict['part'] = 'value'): SchemaVerdict => ({
  path,
  part,
  message,
});

const fails = (isRight: boolean, path: ManifestPath, message: () => string): readonly SchemaVerdict[] =>
  isRight ? [] : [at(path, message())];

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
const lengthOf = (text: string): number => [...text].length;
const same = (a: JsonValue, b: JsonValue): boolean => canonicalJson(a) === canonicalJson(b);

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (isList(value)) return 'array';
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'a map',
  array: 'a list',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
};

/** A bound that counts where both are numbers. */
const bound =
  (
    measure: (value: JsonValue) => number | undefined,
    holds: (size: number, asked: number) => boolean,
    say: (asked: number) => string,
  ): Checker =>
  ({ asked, value, path }) => {
    const size = measure(value);
    return size === undefined || typeof asked !== 'number'
      ? []
      : fails(holds(size, asked), path, () => say(asked));
  };

const ofText = (value: JsonValue) => (typeof value === 'string' ? lengthOf(value) : undefined);
const ofNumber = (value: JsonValue) => (typeof value === 'number' ? value : undefined);
const ofList = (value: JsonValue) => (isList(value) ? value.length : undefined);
const ofMap = (value: JsonValue) => (isObject(value) ? Object.keys(value).length : undefined);
const atLeast = (size: number, asked: number) => size >= asked;
const atMost = (size: number, asked: number) => size <= asked;

const CHECKERS: Readonly<Record<string, Checker>> = {
  $ref: ({ walk, asked, value, path, depth }) => {
    const name = typeof asked === 'string' ? asked.replace('#/definitions/', '') : '';
    const definitions = walk.root['definitions'];
    const target = isObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    return target === undefined ? [] : check(walk, target, value, path, depth);
  },
  type: ({ asked, value, path }) => {
    const types = (isList(asked) ? asked : [asked]).map(String);
    const is = typeOf(value);
    const fits = types.includes(is) || (is === 'integer' && types.includes('number'));
    return fails(fits, path, () => `it must be ${oneOf(types.map((type) => WORDS[type] ?? type))}`);
  },
  enum: ({ asked, value, path }) =>
    fails(!isList(asked) || asked.some((each) => same(each, value)), path, () => notAmong(asked)),
  const: ({ asked, value, path }) => fails(same(asked, value), path, () => notAmong([asked])),
  pattern: ({ asked, value, path }) => {
    if (typeof value !== 'string' || typeof asked !== 'string') return [];
    const pattern = readPattern(asked);
    const fits = pattern === undefined || (value.length <= LIMITS.matched && pattern.test(value));
    return fails(fits, path, () => 'it does not fit the pattern that the schema gives');
  },
  minLength: bound(ofText, atLeast, (asked) => `it must have ${asked} characters or more`),
  maxLength: bound(ofText, atMost, (asked) => `it must have ${asked} characters or fewer`),
  minimum: bound(ofNumber, atLeast, (asked) => `it must be ${asked} or more`),
  maximum: bound(ofNumber, atMost, (asked) => `it must be ${asked} or less`),
  exclusiveMinimum: bound(
    ofNumber,
    (size, asked) => size > asked,
    (asked) => `it must be more than ${asked}`,
  ),
  exclusiveMaximum: bound(
    ofNumber,
    (size, asked) => size < asked,
    (asked) => `it must be less than ${asked}`,
  ),
  minItems: bound(ofList, atLeast, (asked) => `it must have ${asked} items or more`),
  maxItems: bound(ofList, atMost, (asked) => `it must have ${asked} items or fewer`),
  minProperties: bound(ofMap, atLeast, (asked) => `it must have ${asked} fields or more`),
  maxProperties: ({ walk, asked, value, path }) => {
    if (!isObject(value) || typeof asked !== 'number') return [];
    const written = Object.keys(value).filter((name) => !walk.isFilledIn([...path, name]));
    return fails(written.length <= asked, path, () => `it must have ${asked} fields or fewer`);
  },
  uniqueItems: ({ asked, value, path }) =>
    fails(
      asked !== true || !isList(value) || new Set(value.map(canonicalJson)).size === value.length,
      path,
      () => 'each of its items may be there once',
    ),
  required: ({ asked, value, path }) =>
    !isObject(value) || !isList(asked)
      ? []
      : asked
          .map(String)
          .filter((name) => !Object.hasOwn(value, name))
          .map((name) => at([...path, name], `${quotable(name) ?? 'a field'} is required; add it`, 'key')),
  properties: ({ walk, asked, value, path, depth }) =>
    !isObject(value) || !isObject(asked)
      ? []
      : Object.keys(asked).flatMap((name) =>
          Object.hasOwn(value, name)
            ? check(walk, asked[name] ?? {}, value[name] ?? null, [...path, name], depth)
            : [],
        ),
  additionalProperties: ({ walk, schema, asked, value, path, depth }) => {
    if (!isObject(value)) return [];
    const known = isObject(schema['properties']) ? schema['properties'] : {};
    return Object.keys(value)
      .filter((name) => !Object.hasOwn(known, name))
      .flatMap((name) => check(walk, asked, value[name] ?? null, [...path, name], depth));
  },
  items: ({ walk, asked, value, path, depth }) =>
    isList(value) ? value.flatMap((item, place) => check(walk, asked, item, [...path, place], depth)) : [],
  contains: ({ walk, asked, value, path, depth }) =>
    fails(
      !isList(value) || value.some((item) => check(walk, asked, item, path, depth).length === 0),
      path,
      () => 'none of its items is what the schema asks for',
    ),
  allOf: ({ walk, asked, value, path, depth }) =>
    isList(asked) ? asked.flatMap((each) => check(walk, each, value, path, depth)) : [],
  anyOf: ({ walk, asked, value, path, depth }) =>
    fails(
      !isList(asked) || asked.some((each) => check(walk, each, value, path, depth).length === 0),
      path,
      () => 'it has none of the forms that the schema allows',
    ),
  oneOf: ({ walk, asked, value, path, depth }) =>
    fails(
      !isList(asked) ||
        asked.filter((each) => check(walk, each, value, path, depth).length === 0).length === 1,
      path,
      () => 'it must have exactly one of the forms that the schema allows',
    ),
  not: ({ walk, asked, value, path, depth }) =>
    fails(
      check(walk, asked, value, path, depth).length > 0,
      path,
      () => 'it has the form that the schema forbids',
    ),
  if: ({ walk, schema, asked, value, path, depth }) => {
    const branch = schema[check(walk, asked, value, path, depth).length === 0 ? 'then' : 'else'];
    return branch === undefined ? [] : check(walk, branch, value, path, depth);
  },
};

function notAmong(values: JsonValue): string {
  const shown = isList(values) ? values.flatMap((each) => quotable(each) ?? []) : [];
  if (shown.length === 0) return 'it is none of the values that the schema allows';
  return `it must be ${oneOf(shown.slice(0, LIMITS.shown))}${shown.length > LIMITS.shown ? ' or another that is allowed' : ''}`;
}

const patterns = new Map<string, RE2JS | undefined>();

/** Undefined: it is none, or too long; that is a finding of the policy. */
function readPattern(text: string): RE2JS | undefined {
  if (patterns.has(text)) return patterns.get(text);
  let read: RE2JS | undefined;
  try {
    read = text.length > LIMITS.pattern ? undefined : RE2JS.compile(text);
  } catch {
    read = undefined;
  }
  if (patterns.size < 200) patterns.set(text, read);
  return read;
}

/** Says nothing of what may stand there. */
const NOTES = new Set([
  'title',
  'description',
  'default',
  'examples',
  '$comment',
  '$schema',
  '$id',
  'definitions',
  'then',
  'else',
]);

export interface SchemaProblem {
  /** In the schema. */
  readonly path: ManifestPath;
  readonly part: 'key' | 'value';
  readonly message: string;
}

/** What a schema says that is not read here: it would look as if it had an effect. */
export function schemaProblems(
  schema: JsonValue,
  path: ManifestPath = [],
  depth = 0,
): readonly SchemaProblem[] {
  if (!isObject(schema) || depth > LIMITS.depth) return [];
  return Object.keys(schema).flatMap((keyword): readonly SchemaProblem[] => {
    const here = [...path, keyword];
    const asked = schema[keyword] ?? null;
    if (keyword === 'pattern' && typeof asked === 'string' && readPattern(asked) === undefined)
      return [
        {
          path: here,
          part: 'value',
          message: 'this is no pattern that is read here (RE2 syntax, 500 characters)',
        },
      ];
    if (keyword === '$ref' && (typeof asked !== 'string' || !asked.startsWith('#/definitions/')))
      return [
        { path: here, part: 'value', message: 'only "#/definitions/NAME" is followed; nothing is fetched' },
      ];
    if (!Object.hasOwn(CHECKERS, keyword) && !NOTES.has(keyword))
      return [
        {
          path: here,
          part: 'key',
          message: `${quotable(keyword) ?? 'this'} is not read in a policy’s schema; remove it`,
        },
      ];
    if (keyword === 'properties' || keyword === 'definitions')
      return isObject(asked)
        ? Object.keys(asked).flatMap((name) =>
            schemaProblems(asked[name] ?? null, [...here, name], depth + 1),
          )
        : [];
    if (keyword === 'enum' || keyword === 'const' || keyword === 'default' || keyword === 'examples')
      return [];
    return isList(asked)
      ? asked.flatMap((each, place) => schemaProblems(each, [...here, place], depth + 1))
      : schemaProblems(asked, here, depth + 1);
  });
}
