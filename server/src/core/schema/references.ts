import { SCHEMAS } from './generated/schemas.ts';
import type { Schema } from './schemaNode.ts';

/** `x-references` of a value that names an identity with its kind: `Certificate/payments/api`. */
export const ANY_IDENTITY = 'Identity';

/** Role that a named backend must play; where the schema lets it follow from `spec.purpose`, by that or its default. */
export function roleOf(schema: Schema, purpose: unknown): string | undefined {
  const byPurpose = schema['x-role-by-purpose'];
  if (byPurpose === undefined) return schema['x-role'];
  return typeof purpose === 'string' && Object.hasOwn(byPurpose, purpose)
    ? byPurpose[purpose]
    : Object.values(byPurpose)[0];
}

/** Kinds whose manifests can name a resource of a kind that the test takes. */
export function kindsThatName(isNamed: (named: string, by: string) => boolean): readonly string[] {
  return Object.entries(SCHEMAS).flatMap(([kind, schema]) =>
    namedKinds(schema).some((named) => isNamed(named, kind)) ? [kind] : [],
  );
}

function namedKinds(schema: Schema): readonly string[] {
  const own = schema['x-references'];
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...Object.values(schema.definitions ?? {}),
    ...(schema.items === undefined ? [] : [schema.items]),
  ];
  return [...(own === undefined ? [] : [own]), ...inner.flatMap(namedKinds)];
}
