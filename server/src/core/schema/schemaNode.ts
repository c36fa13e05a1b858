/** The part of draft-07 that hover, completion and reference pages read. Validation is by compiled code. */
export interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  /** By the beginning of a key: `^lint/`. */
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  /** What keys are that the schema does not list. */
  readonly propertyNames?: Pick<Schema, 'format'>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  /** What `then` asks for depends on these fields. */
  readonly if?: Schema;
  readonly then?: Schema;
  /** What is asked for otherwise: in a new manifest, that is. */
  readonly else?: Schema;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
  /** Kind of the resource that the value names. */
  readonly 'x-references'?: string;
  /** Role that the named backend must play. */
  readonly 'x-role'?: string;
  /** Roles that a Backend plays where its manifest has this field. */
  readonly 'x-roles'?: readonly string[];
  /** The same by `spec.purpose`; the first one where it is left out. */
  readonly 'x-role-by-purpose'?: Readonly<Record<string, string>>;
}

/**
 * What the generated schemas say of one backend type.
 *
 * @public used by generated code
 */
export interface BackendTypeData {
  readonly title: string;
  readonly description: string;
  readonly roles: readonly string[];
  /** Schema of a whole Backend manifest of this type. */
  readonly schema: Schema;
}

/** Fields that a new manifest must have. */
export function requiredFields({ required = [], else: otherwise }: Schema): readonly string[] {
  return [...required, ...(otherwise?.required ?? [])];
}
