import type { JsonValue, ManifestPath } from '../manifest/path.ts';
import { oneOf } from '../text/quote.ts';
import { resolve, schemaAt, schemaOf } from './schemaAt.ts';
import { requiredFields, type Schema } from './schemaNode.ts';

/** What hover and completion show of one field. */
export interface FieldDescription {
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  /** `text`, `list of text`, `map`, … */
  readonly type: string;
  readonly enum: readonly string[];
  readonly default: JsonValue | undefined;
  readonly examples: readonly JsonValue[];
  /** Kind of the resource that the value names. */
  readonly references: string | undefined;
  readonly role: string | undefined;
  readonly required: boolean;
  /** Fields that a map may have. */
  readonly fields: readonly string[];
}

export function typeName(root: Schema, schema: Schema): string {
  switch (schema.type) {
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'map';
    case 'array': {
      const items = schema.items === undefined ? undefined : resolve(root, schema.items);
      return items === undefined ? 'list' : `list of ${typeName(root, items).replace(/^map$/, 'maps')}`;
    }
    default:
      return Array.isArray(schema.type)
        ? oneOf(schema.type.map((type: string) => typeName(root, { ...schema, type })))
        : 'value';
  }
}

/** Describes the field at a path of a kind's manifest; undefined where the kind has none. */
export function describePath(
  kind: string,
  path: ManifestPath,
  backendType?: string,
): FieldDescription | undefined {
  const root = schemaOf(kind, backendType);
  if (root === undefined) return undefined;
  const schema = schemaAt(root, path);
  if (schema === undefined) return undefined;
  const parent = path.length === 0 ? undefined : schemaAt(root, path.slice(0, -1));
  const last = path.at(-1);
  const item = schema.items === undefined ? undefined : resolve(root, schema.items);
  return {
    title: schema.title ?? String(last ?? kind),
    description: schema.description ?? '',
    type: typeName(root, schema),
    enum: (schema.enum ?? item?.enum ?? []).map(String),
    default: schema.default as JsonValue | undefined,
    examples: (schema.examples ?? []) as readonly JsonValue[],
    references: schema['x-references'] ?? item?.['x-references'],
    role: schema['x-role'] ?? item?.['x-role'],
    required: typeof last === 'string' && parent !== undefined && requiredFields(parent).includes(last),
    fields: Object.keys(schema.properties ?? {}),
  };
}
