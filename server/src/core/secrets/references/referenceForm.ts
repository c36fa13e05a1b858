/** A value in a kv version 2 engine of Vault or OpenBao. */
export interface StoredValue {
  readonly mount: string;
  /** In the engine. */
  readonly path: string;
  readonly field: string;
}

/** How a YAML file names a value that its reader fetches from a store. One file of this folder each. */
export interface ReferenceForm {
  /** Who fetches it. */
  readonly reader: string;
  /** Whether that reads this file: by where files of its kind lie, or by references that stand there already. */
  reads(file: string, text: string): boolean;
  /** Without the quotes around it, and with none of the double ones in it. */
  write(value: StoredValue): string;
}
