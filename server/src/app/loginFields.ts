import type { LoginField } from '../backends/contract.ts';

/** The fields of which one alone is wanted: the field itself, and what may be given in its place. */
export function alternativesOf(fields: readonly LoginField[], { name }: LoginField): readonly string[] {
  return [name, ...fields.filter(({ insteadOf }) => insteadOf === name).map((each) => each.name)];
}

/** What is wrong with the fields that were given; undefined: they are complete. */
export type LoginProblem =
  | { readonly is: 'missing'; readonly fields: readonly (readonly string[])[] }
  | { readonly is: 'twice'; readonly fields: readonly string[] };

/** Each field that is not optional once, by itself or by one that may stand in its place. */
export function problemOfLogin(
  fields: readonly LoginField[],
  isGiven: (name: string) => boolean,
): LoginProblem | undefined {
  const groups = fields
    .filter(({ insteadOf }) => insteadOf === undefined)
    .map((field) => ({ field, names: alternativesOf(fields, field) }));
  const twice = groups.find(({ names }) => names.filter(isGiven).length > 1);
  if (twice !== undefined) return { is: 'twice', fields: twice.names.filter(isGiven) };
  const missing = groups.filter(({ field, names }) => field.optional !== true && !names.some(isGiven));
  return missing.length === 0 ? undefined : { is: 'missing', fields: missing.map(({ names }) => names) };
}
