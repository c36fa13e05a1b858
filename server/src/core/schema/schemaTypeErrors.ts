import type { LocalFinding, LocalFix } from '../manifest/localFinding.ts';
import { type JsonValue, type ManifestPath, valueAt } from '../manifest/path.ts';
import { typeName } from './describe.ts';
import type { Place } from './place.ts';
import { resolve, schemaAt } from './schemaAt.ts';
import type { Schema } from './schemaNode.ts';
import { exampleOf, fieldName, shortList } from './schemaWords.ts';

/** A value of another type than its field takes, with the repair that is surely meant. */
export function wrongType(path: ManifestPath, root: Schema, value: JsonValue, place: Place): LocalFinding {
  const schema = schemaAt(root, path) ?? {};
  const actual = valueAt(value, path);
  const wanted = typeName(root, schema);
  if (actual === null) {
    const example = exampleOf(schema);
    const fields =
      schema.properties === undefined ? '' : ` with ${shortList(Object.keys(schema.properties))}`;
    const message = `${fieldName(path)} is empty; it must be a ${wanted}${fields}${example === undefined ? '' : `, ${example}`}`;
    return place.finding('manifest/wrong-type', message.replace('a text', 'text'), path, { part: 'key' });
  }
  const isScalar = typeof actual !== 'object';
  const repair = isScalar ? repairOf(path, root, schema, actual, place) : undefined;
  const message = `${fieldName(path)} must be ${article(wanted)}, not ${nameOf(actual)}${repair?.hint ?? ''}`;
  return place.finding('manifest/wrong-type', message, path, {
    part: isScalar ? 'value' : 'key',
    fixes: repair?.fixes ?? [],
  });
}

/** How a scalar of the wrong type becomes what it was meant to be. */
function repairOf(
  path: ManifestPath,
  root: Schema,
  schema: Schema,
  actual: JsonValue | undefined,
  place: Place,
): { readonly hint: string; readonly fixes: readonly LocalFix[] } | undefined {
  const source = place.source(path);
  const becomes = (newText: string, title: string): readonly LocalFix[] => [
    replaceSource(path, newText, title, place),
  ];
  if (schema.type === 'string') {
    const isTime = schema.format === 'duration' || schema.format === 'duration-or-share';
    if (isTime && typeof actual === 'number')
      return { hint: `; write its unit, such as ${source}d or ${source}h`, fixes: [] };
    return { hint: '; put it in quotes', fixes: becomes(JSON.stringify(source), 'Put it in quotes') };
  }
  if (schema.type === 'array')
    return { hint: '; put it in brackets', fixes: becomes(`[${source}]`, 'Make it a list') };
  if (schema.type === 'boolean' && typeof actual === 'string') {
    const meant = /^(yes|on|y|true)$/i.test(actual)
      ? 'true'
      : /^(no|off|n|false)$/i.test(actual)
        ? 'false'
        : '';
    return meant === ''
      ? undefined
      : { hint: `; write ${meant}`, fixes: becomes(meant, `Change to ${meant}`) };
  }
  const field =
    schema.type === 'object' && typeof actual === 'string' ? shortFor(root, schema, actual) : undefined;
  return field === undefined
    ? undefined
    : { hint: `; write { ${field}: … }`, fixes: becomes(inBraces(field, source), `Make it "${field}"`) };
}

/** The field that a plain text in the place of a map is for: the only one that is required, or the only one that takes it. */
function shortFor(root: Schema, schema: Schema, text: string): string | undefined {
  const fields = Object.entries(schema.properties ?? {});
  const [required, ...more] = schema.required ?? [];
  if (required !== undefined && more.length === 0) return required;
  const taking = fields.filter(([, field]) => resolve(root, field).enum?.includes(text));
  return taking.length === 1 ? taking[0]?.[0] : undefined;
}

function replaceSource(path: ManifestPath, newText: string, title: string, place: Place): LocalFix {
  return { title, preferred: true, edits: [{ range: place.range(path, 'value'), newText }] };
}

function article(type: string): string {
  return type === 'text' || type === 'true or false' ? type : `a ${type}`;
}

function nameOf(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'a map';
  }
}

/** In quotes where the text is, so that JSON stays JSON. */
function inBraces(field: string, source: string): string {
  return `{ ${source.startsWith('"') ? JSON.stringify(field) : field}: ${source} }`;
}
