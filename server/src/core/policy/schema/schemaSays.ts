import { isObject, type JsonObject, type JsonValue } from '../../manifest/path.ts';
import { oneOf } from '../../text/quote.ts';

/** More words than this are not read in a hover. */
const MOST_SHOWN = 20;

const listed = (values: readonly JsonValue[], join: (words: readonly string[]) => string): string => {
  const words = values.slice(0, MOST_SHOWN).map((each) => JSON.stringify(each));
  return values.length > MOST_SHOWN ? `${words.join(', ')} and others` : join(words);
};
const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);
const all = (words: readonly string[]): string => words.join(', ');

/** By keyword, in the order in which they are told. */
const SAY: readonly (readonly [keyword: string, say: (asked: JsonValue) => string | undefined])[] = [
  ['title', textOf],
  ['description', textOf],
  ['const', (asked) => `It must be ${JSON.stringify(asked)}.`],
  ['enum', (asked) => (isList(asked) ? `It must be ${listed(asked, oneOf)}.` : undefined)],
  ['pattern', (asked) => `It must fit the pattern ${JSON.stringify(asked)}.`],
  ['minLength', (asked) => `It must have ${asked} characters or more.`],
  ['maxLength', (asked) => `It must have ${asked} characters or fewer.`],
  ['minimum', (asked) => `It must be ${asked} or more.`],
  ['maximum', (asked) => `It must be ${asked} or less.`],
  ['exclusiveMinimum', (asked) => `It must be more than ${asked}.`],
  ['exclusiveMaximum', (asked) => `It must be less than ${asked}.`],
  ['minItems', (asked) => `It must have ${asked} items or more.`],
  ['maxItems', (asked) => `It must have ${asked} items or fewer.`],
  ['uniqueItems', (asked) => (asked === true ? 'Each of its items may be there once.' : undefined)],
  ['required', (asked) => (isList(asked) ? `It must have ${listed(asked, all)}.` : undefined)],
  ['anyOf', () => 'It must have one of the forms that the schema lists.'],
  ['oneOf', () => 'It must have exactly one of the forms that the schema lists.'],
  ['not', () => 'It must not have the form that the schema forbids.'],
];

/** What a schema asks of a value, in sentences. */
export function schemaSays(schema: JsonObject): readonly string[] {
  const said = SAY.flatMap(([keyword, say]) => {
    const asked = schema[keyword];
    return asked === undefined ? [] : (say(asked) ?? []);
  });
  const { additionalProperties, properties } = schema;
  if (additionalProperties !== false) return said;
  const names = isObject(properties) ? Object.keys(properties) : [];
  return [...said, closedSays(names)];
}

/** Of a map in which nothing may stand but what is listed. */
export function closedSays(names: readonly string[]): string {
  return names.length === 0
    ? 'Nothing may stand in it.'
    : `Nothing may stand in it but ${listed(names, all)}.`;
}

function textOf(asked: JsonValue): string | undefined {
  return typeof asked === 'string' && asked !== '' ? asked : undefined;
}
