import { isObject, type JsonValue, type ManifestPath } from '../manifest/path.ts';
import type { FieldLimit } from '../schema/generated/specs.ts';
import { quotable } from '../text/quote.ts';
import type { FieldPlace, FieldWord } from './fieldAsks.ts';
import type { Judged, Verdict } from './judged.ts';
import { limitVerdicts, limitWord, type PlacedValue } from './limits.ts';
import { closedSays } from './schema/schemaSays.ts';

/** More values of one manifest than anybody looks at are not looked at. */
const MOST_VALUES = 10_000;

/** Any field by its path, and maps in which nothing may stand but what is listed. */
export function* fieldVerdicts(
  judged: Judged,
  fields: Readonly<Record<string, FieldLimit>>,
  closed: readonly string[],
): Generator<Verdict> {
  const root = judged.manifest;
  const written = { ...root, spec: judged.resource.spec as unknown as JsonValue };
  for (const [field, { required, ...limit }] of Object.entries(fields)) {
    const values = valuesAt(root, stepsOf(field));
    const parent = pathOf(field);
    if (required === true && values.length === 0)
      yield { path: parent, part: 'key', message: `${field} is required; add it` };
    const texts = values.flatMap(({ value, path }) => textsOf(value, path));
    yield* limitVerdicts(judged, texts, limit, { what: `value of ${field}`, parent });
  }
  for (const block of closed) {
    const listed = Object.keys(fields);
    // What is filled in breaks no closed world: nobody could remove it from the manifest.
    for (const { value, path } of valuesAt(written, stepsOf(block))) {
      if (!isObject(value)) continue;
      for (const key of Object.keys(value)) {
        const name = `${block}.${key}`;
        if (
          listed.some((each) => each === name || each.startsWith(`${name}.`) || each.startsWith(`${name}[`))
        )
          continue;
        yield {
          path: [...path, key],
          part: 'key',
          message: `only fields that the policy lists may stand in ${block}; remove ${quotable(key) ?? 'this'}`,
        };
      }
    }
  }
}

/** The same of a field that is being written. */
export function* fieldWords(
  place: FieldPlace,
  fields: Readonly<Record<string, FieldLimit>>,
  closed: readonly string[],
): Generator<FieldWord> {
  const name = place.path.map((step) => (typeof step === 'number' ? '[]' : step)).join('.');
  for (const [field, { required, ...limit }] of Object.entries(fields)) {
    const steps = stepsOf(field).join('.');
    const at = ['fields', field];
    if (steps === name && required === true) yield { required, says: [], offers: [], at };
    // A list stands for its items.
    if (steps === name || `${steps}.[]` === name) yield limitWord(limit, place, '', at);
  }
  for (const [index, block] of closed.entries()) {
    const map = stepsOf(block).join('.');
    const below = Object.keys(fields).flatMap((field) => {
      const steps = stepsOf(field).join('.');
      return steps.startsWith(`${map}.`) ? [String(steps.slice(map.length + 1).split('.')[0])] : [];
    });
    const allowed = [...new Set(below)];
    const at = ['closed', index];
    if (map === name) yield { says: [closedSays(allowed)], offers: [], at };
    const key = name.startsWith(`${map}.`) ? name.slice(map.length + 1) : '';
    if (key !== '' && !key.includes('.') && !allowed.includes(key))
      yield { forbidden: true, says: [], offers: [], at };
  }
}

/** `spec.deliverTo[].path`: a step `[]` is each item. */
function stepsOf(field: string): readonly string[] {
  return field.split('.').flatMap((step) => (step.endsWith('[]') ? [step.slice(0, -2), '[]'] : [step]));
}

/** Where such a field would stand, up to the first list. */
function pathOf(field: string): ManifestPath {
  const steps = stepsOf(field);
  const list = steps.indexOf('[]');
  return list === -1 ? steps : steps.slice(0, list);
}

interface FoundValue {
  readonly value: JsonValue;
  readonly path: ManifestPath;
}

function valuesAt(root: JsonValue, steps: readonly string[]): readonly FoundValue[] {
  let found: readonly FoundValue[] = [{ value: root, path: [] }];
  for (const step of steps) {
    found = found
      .flatMap(({ value, path }): readonly FoundValue[] => {
        if (step === '[]' && Array.isArray(value))
          return (value as readonly JsonValue[]).map((item, place) => ({
            value: item,
            path: [...path, place],
          }));
        const below = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
        return below === undefined ? [] : [{ value: below, path: [...path, step] }];
      })
      .slice(0, MOST_VALUES);
  }
  return found;
}

/** A list stands for its items; a map is no value. */
function textsOf(value: JsonValue, path: ManifestPath): readonly PlacedValue[] {
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).flatMap((item, place) => textsOf(item, [...path, place]));
  return isObject(value) ? [] : [{ text: String(value), path }];
}
