import { BACKEND_TYPES, SCHEMAS } from './generated/schemas.ts';
import type { Schema } from './schemaNode.ts';

let known: ReadonlySet<string> | undefined;

/** The names of all fields of all kinds and backend types. */
export function fieldsOfAllKinds(): ReadonlySet<string> {
  known ??= new Set(
    [...Object.values(SCHEMAS), ...Object.values(BACKEND_TYPES).map(({ schema }) => schema)].flatMap(
      (schema) => [...fields(schema)],
    ),
  );
  return known;
}

function* fields(schema: Schema): Generator<string> {
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    yield name;
    yield* fields(inner);
  }
  if (schema.items !== undefined) yield* fields(schema.items);
  for (const inner of Object.values(schema.definitions ?? {})) yield* fields(inner);
}
