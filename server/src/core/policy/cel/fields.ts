import { IDENTITY_KINDS } from '../../identity/identityId.ts';
import type { ManifestPath } from '../../manifest/path.ts';
import type { Selector } from '../../schema/generated/specs.ts';
import { schemaAt, schemaOf } from '../../schema/schemaAt.ts';
import type { Schema } from '../../schema/schemaNode.ts';
import { nearest } from '../../text/nearest.ts';
import { quotable } from '../../text/quote.ts';
import type { ExpressionProblem } from './expression.ts';
import type { FieldReference } from './references.ts';

/** Kinds whose fields an expression of such a policy can speak of. */
export function kindsOf(selector: Selector | undefined): readonly string[] {
  return selector?.matchKinds ?? IDENTITY_KINDS;
}

/** What the kinds say of a field, each in its own way. */
export function schemasAt(
  kinds: readonly string[],
  path: ManifestPath,
): readonly { readonly kind: string; readonly schema: Schema }[] {
  return kinds.flatMap((kind) => {
    const root = schemaOf(kind);
    const schema = root && schemaAt(root, path);
    return schema === undefined ? [] : [{ kind, schema }];
  });
}

/** Names that can stand behind a path, with the kinds that have them. */
export function fieldsBelow(
  kinds: readonly string[],
  path: ManifestPath,
): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { kind, schema } of schemasAt(kinds, path))
    for (const name of Object.keys(schema.properties ?? {}))
      names.set(name, [...(names.get(name) ?? []), kind]);
  return names;
}

/** Fields that no kind has which the policy selects. */
export function unknownFields(
  references: readonly FieldReference[],
  kinds: readonly string[],
): readonly ExpressionProblem[] {
  return references.flatMap(({ path, start, end }) => {
    const parent = path.slice(0, -1);
    const holders = schemasAt(kinds, parent);
    // Nothing is known of labels and the like, nor of what is behind a name that is wrong already.
    if (holders.length === 0 || holders.some(({ schema }) => schema.additionalProperties !== false))
      return [];
    const names = fieldsBelow(kinds, parent);
    const name = String(path.at(-1));
    if (names.has(name)) return [];
    const close = nearest(name, names.keys())[0];
    const hint = close === undefined ? 'completion lists them' : `did you mean "${close}"?`;
    const whose = kinds.length === 1 ? `${kinds[0]} has` : 'the kinds that it selects have';
    return [
      {
        message: `${whose} no field ${quotable(name) ?? 'like this'} here; ${hint}`,
        start,
        end,
        ...(close === undefined ? {} : { instead: close }),
      },
    ];
  });
}
