import { DEFAULT_NAMESPACE } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { Schema } from '../schema/schemaNode.ts';

/** A value that a field may have. */
export interface ValueOffer {
  readonly text: string;
  readonly is: 'enum' | 'boolean' | 'reference' | 'duration' | 'text';
  /** Beside it in the list. */
  readonly detail: string;
  /** Of what is named, as `formatIdentity` writes it. */
  readonly target?: { readonly kind: string; readonly namespace: string; readonly name: string };
}

export interface ValueSurroundings {
  readonly index: ProjectIndex;
  readonly backendRoles: ReadonlyMap<string, readonly string[]>;
  /** Of the manifest that is typed in. */
  readonly namespace: string;
}

/** Validities that are in use: hours for workloads, 47 days and 398 days as the CA/Browser Forum bounds them. */
const DURATIONS = ['1h', '12h', '24h', '7d', '30d', '47d', '90d', '200d', '398d', '1y', '10y'];
const SHARES = ['33%', '50%', '7d', '15d', '30d'];

/** The values that can be told for a scalar, most fitting first. */
export function valueOffers(schema: Schema, around: ValueSurroundings): readonly ValueOffer[] {
  const kind = schema['x-references'];
  if (kind === 'Backend') return backends(schema['x-role'], around);
  if (kind !== undefined) return machines(kind, around);
  const offer = (is: ValueOffer['is']) => (text: string) => ({ text, is, detail: detailOf(schema, text) });
  if (schema.enum !== undefined) return withoutAliases(schema.enum.map(String)).map(offer('enum'));
  if (schema.type === 'boolean') return ['true', 'false'].map(offer('boolean'));
  const known = [schema.default, ...(schema.examples ?? [])].filter((each) => typeof each === 'string');
  switch (schema.format) {
    case 'duration':
      return [...new Set([...known, ...DURATIONS])].map(offer('duration'));
    case 'duration-or-share':
      return [...new Set([...known, ...SHARES])].map(offer('duration'));
    case 'file-mode':
      return [...new Set([...known, '0600', '0640'])].map(offer('text'));
    default:
      return typeof schema.default === 'string' ? [offer('text')(schema.default)] : [];
  }
}

function detailOf(schema: Schema, text: string): string {
  return schema.default === text ? 'default' : '';
}

/** Some values may be written in two ways (`serverAuth`, `server auth`): the first one is offered. */
function withoutAliases(values: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const plain = value.toLowerCase().replaceAll(' ', '');
    return seen.has(plain) ? false : seen.add(plain);
  });
}

function backends(
  role: string | undefined,
  { index, backendRoles }: ValueSurroundings,
): readonly ValueOffer[] {
  const seen = new Set<string>();
  return index.backends().flatMap(({ id, name, spec }): ValueOffer[] => {
    // A backend that is being typed may have no type yet: it is offered rather than hidden.
    const plays = role === undefined || (backendRoles.get(spec.type)?.includes(role) ?? true);
    if (!plays || seen.has(name)) return [];
    seen.add(name);
    return [{ text: name, is: 'reference', detail: `Backend · ${spec.type ?? 'no type'}`, target: id }];
  });
}

/** By the shortest name that finds them from here. */
function machines(kind: string, { index, namespace }: ValueSurroundings): readonly ValueOffer[] {
  return index.machines().flatMap(({ id, name, namespace: own, spec }): ValueOffer[] => {
    if (id.kind !== kind) return [];
    const isPlain = own === namespace || (own === DEFAULT_NAMESPACE && !hasOwn(index, namespace, name));
    const text = isPlain ? name : `${own}/${name}`;
    return [{ text, is: 'reference', detail: `Machine · ${spec.type ?? 'no type'}`, target: id }];
  });
}

function hasOwn(index: ProjectIndex, namespace: string, name: string): boolean {
  return index.get({ kind: 'Machine', namespace, name }) !== undefined;
}
