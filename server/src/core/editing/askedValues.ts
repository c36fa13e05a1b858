import type { JsonValue } from '../manifest/path.ts';
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
