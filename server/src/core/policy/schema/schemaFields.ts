/** What a policy's schema says of one field: the parts of it that hold there, found by a walk down the manifest's path. */
import {
  isObject,
  type JsonObject,
  type JsonValue,
  type ManifestPath,
  valueAt,
} from '../../manifest/path.ts';
import type { FieldWord } from '../fieldAsks.ts';
import { type Spent, satisfies } from './satisfies.ts';
import { schemaSays } from './schemaSays.ts';

/** A repository brings the schema along: what it says of one field is bounded, whatever it refers to. */
const MOST_PARTS = 60;

interface Part {
  /** `false`: nothing may stand there. */
  readonly schema: JsonObject | false;
  /** In the schema. */
  readonly at: ManifestPath;
  /** One of several forms: it says what may be, and not what must. */
  readonly either: boolean;
}

/** `path` and `value`: below the value that the schema is for. */
export function* schemaWords(root: JsonObject, value: JsonValue, path: ManifestPath): Generator<FieldWord> {
  // All that is asked of one field has the bound of one check.
  const spent: Spent = { steps: 0 };
  let parts = together(root, [{ schema: root, at: [], either: false }], value, spent);
  let above: readonly Part[] = [];
  for (const [depth, step] of path.entries()) {
    above = parts;
    parts = together(
      root,
      parts.flatMap((part) => below(part, step)),
      valueAt(value, path.slice(0, depth + 1)),
      spent,
    );
  }
  yield* ofTheMap(above, path.at(-1));
  for (const { schema, at, either } of parts) {
    if (schema === false) {
      if (!either) yield { forbidden: true, says: [], offers: [], at };
      continue;
    }
    const says = either ? [] : schemaSays(schema);
    const offers = offersOf(schema);
    if (says.length === 0 && offers.length === 0) continue;
    yield {
      says,
      offers,
      ...(either ? {} : { fits: (each) => satisfies(schema, each, { root }).length === 0 }),
      at,
    };
  }
}

/** What the map says that the field is in. */
function* ofTheMap(above: readonly Part[], name: string | number | undefined): Generator<FieldWord> {
  if (typeof name !== 'string') return;
  for (const { schema, at, either } of above) {
    if (schema === false || either) continue;
    const required = schema['required'];
    const place = Array.isArray(required) ? required.indexOf(name) : -1;
    if (place !== -1) yield { required: true, says: [], offers: [], at: [...at, 'required', place] };
  }
}

function below({ schema, at, either }: Part, step: string | number): readonly Part[] {
  if (schema === false) return [];
  const to = (asked: JsonValue | undefined, way: ManifestPath): readonly Part[] =>
    asked === false
      ? [{ schema: false, at: [...at, ...way], either }]
      : isObject(asked)
        ? [{ schema: asked, at: [...at, ...way], either }]
        : [];
  if (typeof step === 'number')
    return [
      ...to(schema['items'], ['items']),
      // One of the items has to be like this: each may be.
      ...to(schema['contains'], ['contains']).map((part) => ({ ...part, either: true })),
    ];
  const properties = schema['properties'];
  return isObject(properties) && Object.hasOwn(properties, step)
    ? to(properties[step], ['properties', step])
    : to(schema['additionalProperties'], ['additionalProperties']);
}

/** With what they refer to, and the branches that hold for the value as it is. */
function together(
  root: JsonObject,
  start: readonly Part[],
  value: JsonValue | undefined,
  spent: Spent,
): readonly Part[] {
  const found: Part[] = [];
  const next = [...start];
  for (let part = next.shift(); part !== undefined && found.length < MOST_PARTS; part = next.shift()) {
    const { schema, at, either } = part;
    // What refers to itself says nothing new.
    if (schema !== false && found.some((each) => each.schema === schema && each.either === either)) continue;
    found.push(part);
    if (schema === false) continue;
    const add = (asked: JsonValue | undefined, way: ManifestPath, isOne = either): void => {
      if (asked === false || isObject(asked))
        next.push({ schema: asked, at: [...at, ...way], either: isOne });
    };
    const { $ref } = schema;
    if (typeof $ref === 'string') {
      const name = $ref.replace('#/definitions/', '');
      const target = valueAt(root, ['definitions', name]);
      if (isObject(target)) next.push({ schema: target, at: ['definitions', name], either });
    }
    for (const [keyword, isOne] of [
      ['allOf', either],
      ['anyOf', true],
      ['oneOf', true],
    ] as const) {
      const all = schema[keyword];
      if (Array.isArray(all))
        for (const [place, each] of (all as readonly JsonValue[]).entries())
          add(each, [keyword, place], isOne);
    }
    const condition = schema['if'];
    if (condition !== undefined && value !== undefined) {
      const branch = satisfies(condition, value, { root, spent }).length === 0 ? 'then' : 'else';
      add(schema[branch], [branch]);
    }
  }
  return found;
}

function offersOf(schema: JsonObject): readonly JsonValue[] {
  const { const: only, enum: all } = schema;
  const named = only === undefined ? (Array.isArray(all) ? (all as readonly JsonValue[]) : []) : [only];
  const { default: usual } = schema;
  return usual === undefined ? named : [usual, ...named.filter((each) => each !== usual)];
}
