import { isCertManagerKind } from '../identity/certManager.ts';
import { POLICY_TEST } from '../manifest/fileName.ts';
import type { JsonValue, ManifestPath } from '../manifest/path.ts';
import { isObject, valueAt } from '../manifest/path.ts';
import { BACKEND_TYPES, SCHEMAS } from './generated/schemas.ts';
import type { Schema } from './schemaNode.ts';

/** Of our own apiVersion. */
export const KINDS: readonly string[] = Object.keys(SCHEMAS)
  .filter((kind) => !isCertManagerKind(kind) && kind !== POLICY_TEST)
  .sort();

/** Schema of a whole manifest. A backend's has the fields of its type, where the type is known. */
export function schemaOf(kind: string, backendType?: string): Schema | undefined {
  if (kind === 'Backend' && backendType !== undefined && Object.hasOwn(BACKEND_TYPES, backendType)) {
    return BACKEND_TYPES[backendType]?.schema;
  }
  return Object.hasOwn(SCHEMAS, kind) ? SCHEMAS[kind] : undefined;
}

/** A kind has namespaces when its schema says so. */
export function isNamespaced(kind: string): boolean {
  const schema = schemaOf(kind);
  return schema !== undefined && schemaAt(schema, ['metadata', 'namespace']) !== undefined;
}

/** `spec.type` of a backend manifest, as far as it is text. */
export function backendTypeOf(value: JsonValue | undefined): string | undefined {
  const type = valueAt(value, ['spec', 'type']);
  return typeof type === 'string' ? type : undefined;
}

/** A schema belongs to one root, so what its `$ref` leads to is looked up once. */
const resolved = new WeakMap<Schema, Schema>();

/** Follows `$ref`; what stands beside it counts more than what it names. */
export function resolve(root: Schema, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const known = resolved.get(schema);
  if (known !== undefined) return known;
  const found = follow(root, schema);
  resolved.set(schema, found);
  return found;
}

function follow(root: Schema, schema: Schema): Schema {
  let at = schema;
  for (let hops = 0; at.$ref !== undefined && hops < 16; hops++) {
    const { $ref, ...beside } = at;
    const target = root.definitions?.[$ref.replace('#/definitions/', '')];
    if (target === undefined) return beside;
    at = { ...target, ...beside };
  }
  return at;
}

/** Schema of the value at a path; undefined where nothing is described. */
export function schemaAt(root: Schema, path: ManifestPath): Schema | undefined {
  let at: Schema | undefined = resolve(root, root);
  for (const step of path) {
    at = schemaBelow(root, at, step);
    if (at === undefined) return undefined;
  }
  return at;
}

/** Schema of what stands at a key, or of the items of a list. */
export function schemaBelow(root: Schema, schema: Schema, step: string | number): Schema | undefined {
  if (typeof step === 'number') return schema.items === undefined ? undefined : resolve(root, schema.items);
  const property = schema.properties;
  if (property !== undefined && Object.hasOwn(property, step)) {
    const named = property[step];
    return named === undefined ? undefined : resolve(root, named);
  }
  const alike = Object.entries(schema.patternProperties ?? {}).find(([start]) =>
    step.startsWith(start.slice(1)),
  )?.[1];
  if (alike !== undefined) return resolve(root, alike);
  const other = schema.additionalProperties;
  return typeof other === 'object' ? resolve(root, other) : undefined;
}

/** A text in a manifest with the schema that describes it. */
export interface DescribedText {
  readonly path: ManifestPath;
  readonly text: string;
  readonly schema: Schema;
}

/** All texts of a manifest that a schema describes, in their order. */
export function described(root: Schema, value: JsonValue): readonly DescribedText[] {
  const found: DescribedText[] = [];
  const path: (string | number)[] = [];
  const walk = (at: JsonValue, schema: Schema): void => {
    if (typeof at === 'string') {
      found.push({ path: path.slice(), text: at, schema });
    } else if (Array.isArray(at)) {
      const items = schemaBelow(root, schema, 0);
      if (items === undefined) return;
      for (const [index, item] of (at as readonly JsonValue[]).entries()) step(index, item, items);
    } else if (isObject(at)) {
      for (const key of Object.keys(at)) {
        const below = schemaBelow(root, schema, key);
        if (below !== undefined) step(key, at[key] ?? null, below);
      }
    }
  };
  const step = (key: string | number, item: JsonValue, schema: Schema): void => {
    path.push(key);
    walk(item, schema);
    path.pop();
  };
  walk(value, resolve(root, root));
  return found;
}
