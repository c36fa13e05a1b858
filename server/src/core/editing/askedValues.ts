import { formatPath, type JsonValue, type ManifestPath } from '../manifest/path.ts';
import { type Defaults, giverOf } from '../policy/defaults.ts';
import { type FieldAsk, fitsAll } from '../policy/fieldAsks.ts';
import type { Schema } from '../schema/schemaNode.ts';
import type { ValueOffer } from './completionValues.ts';

/** Values that policies name stand first, and what they do not let stand there is not offered. */
export function askedFor(
  found: readonly ValueOffer[],
  schema: Schema,
  asks: readonly FieldAsk[],
): readonly ValueOffer[] {
  if (asks.length === 0) return found;
  const typed = (text: string): JsonValue =>
    schema.type === 'boolean'
      ? text === 'true'
      : schema.type === 'integer' || schema.type === 'number'
        ? Number(text)
        : text;
  const named = new Map(
    asks.flatMap(({ offers: values, ask }) =>
      values.flatMap((value) => (typeof value === 'object' ? [] : [[String(value), ask.policy] as const])),
    ),
  );
  const all = new Map(found.map((offer) => [offer.text, offer]));
  const first = [...named].map(([text, { resource }]): ValueOffer => {
    const known = all.get(text) ?? { text, is: 'text', detail: '' };
    const detail = [known.detail, `policy ${resource.name}`].filter((each) => each !== '').join(' · ');
    return { ...known, detail };
  });
  return [...first, ...found.filter(({ text }) => !named.has(text))].filter(({ text }) =>
    fitsAll(asks, typed(text)),
  );
}

/** What is filled in where nothing is written stands first. */
export function withDefault(
  found: readonly ValueOffer[],
  defaults: Defaults | undefined,
  path: ManifestPath,
): readonly ValueOffer[] {
  const given = defaults?.fields.find((field) => formatPath(field.path) === formatPath(path))?.given;
  if (given === undefined || typeof given.value === 'object') return found;
  const text = String(given.value);
  const known = found.find((offer) => offer.text === text) ?? { text, is: 'text' };
  return [
    { ...known, detail: `default of ${giverOf(given)}` },
    ...found.filter((offer) => offer.text !== text),
  ];
}
