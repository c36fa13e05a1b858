import type { LocalFinding, LocalFix } from '../manifest/localFinding.ts';
import { isObject, type JsonValue, type ManifestPath, valueAt } from '../manifest/path.ts';
import { typeName } from './describe.ts';
import { emptyValue } from './emptyValue.ts';
import { checkFormat } from './formats/formats.ts';
import type { Place } from './place.ts';
import { resolve, schemaAt } from './schemaAt.ts';
import { requiredFields, type Schema } from './schemaNode.ts';
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
    return emptyValue(root, path, message.replace('a text', 'text'), place);
  }
  const isScalar = typeof actual !== 'object';
  const repair = isScalar
    ? repairOf(path, root, schema, actual, place)
    : collectionRepair(path, root, schema, actual, place);
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
    const text = schema.format === 'file-mode' ? source.replace(/^(?:0o?)?(?=[0-7]{3}$)/, '0') : source;
    const fits = schema.format === undefined || checkFormat(schema.format, text) === undefined;
    if (!fits) return { hint: `; ${exampleOf(schema) ?? 'put it in quotes'}`, fixes: [] };
    const quotes = JSON.stringify(text);
    return { hint: `; put it in quotes: ${quotes}`, fixes: becomes(quotes, 'Put it in quotes') };
  }
  if (schema.type === 'array') {
    // `-web-1` below a key: the dash of a list without its space.
    if (/^-[^\s-]/.test(source))
      return {
        hint: '; a space is missing after the dash',
        fixes: becomes(source.replace(/^([ \t]*)-(?=\S)/gm, '$1- '), 'Add a space after the dash'),
      };
    return {
      hint: '; put it in brackets',
      fixes: becomes(`[${source.replace(/^\((.*)\)$/, '$1')}]`, 'Make it a list'),
    };
  }
  if (schema.type === 'boolean') {
    const said = String(actual);
    const meant = /^(yes|on|y|true|1)$/i.test(said)
      ? 'true'
      : /^(no|off|n|false|0)$/i.test(said)
        ? 'false'
        : '';
    return meant === ''
      ? undefined
      : { hint: `; write ${meant}`, fixes: becomes(meant, `Change to ${meant}`) };
  }
  if (schema.type !== 'object') return undefined;
  const field = typeof actual === 'string' ? shortFor(root, schema, actual) : undefined;
  return field === undefined
    ? { hint: `; write its fields: ${shortList(Object.keys(schema.properties ?? {}))}`, fixes: [] }
    : { hint: `; write { ${field}: … }`, fixes: becomes(inBraces(field, source), `Make it "${field}"`) };
}

/** One map where a list of them belongs; a map of things that a list names. */
function collectionRepair(
  path: ManifestPath,
  root: Schema,
  schema: Schema,
  actual: JsonValue | undefined,
  place: Place,
): { readonly hint: string; readonly fixes: readonly LocalFix[] } | undefined {
  if (schema.type !== 'array' || schema.items === undefined || !isObject(actual)) return undefined;
  const item = resolve(root, schema.items);
  const keys = Object.keys(actual);
  const allowed = item.enum;
  if (allowed !== undefined && keys.length > 0 && keys.every((key) => allowed.includes(key))) {
    const isJson = place.source(path).startsWith('{"') || /^\{\s*"/.test(place.source(path));
    const list = keys.map((key) => (isJson ? JSON.stringify(key) : key)).join(', ');
    return {
      hint: '; put its keys in brackets',
      fixes: [place.replaceSource(path, `[${list}]`, 'Make it a list')],
    };
  }
  if (item.type !== 'object') return undefined;
  const newText = asItem(place.source(path));
  return { hint: '; make it the first item', fixes: [place.replaceSource(path, newText, 'Make it a list')] };
}

/** A map as the one item of a list: in brackets, or behind a dash with its lines further in. */
function asItem(source: string): string {
  if (source.startsWith('{')) return `[${source}]`;
  const [first = '', ...more] = source.trimEnd().split('\n');
  const rest = more.map((line) => (line.trim() === '' ? line : `  ${line}`));
  return [`- ${first}`, ...rest].join('\n') + source.slice(source.trimEnd().length);
}

/** The field that a plain text in the place of a map is for: the only one that is required, or the first that takes it. */
function shortFor(root: Schema, schema: Schema, text: string): string | undefined {
  const fields = Object.entries(schema.properties ?? {});
  const [required, ...more] = requiredFields(schema);
  if (required !== undefined && more.length === 0) return required;
  const taking = fields.filter(([, field]) => resolve(root, field).enum?.includes(text));
  if (taking.length === 1) return taking[0]?.[0];
  // The first field that takes any text of its form: `location` of a network, `before` of a renewal.
  return fields.find(([, field]) => {
    const { type, format, enum: choices } = resolve(root, field);
    return (
      type === 'string' &&
      choices === undefined &&
      (format === undefined || checkFormat(format, text) === undefined)
    );
  })?.[0];
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
