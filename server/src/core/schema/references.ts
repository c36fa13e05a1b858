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
