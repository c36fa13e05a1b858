/** Version of every JSON shape of docs/cli.md. Fields may be added under the same number; nothing else changes. */
const SCHEMA_VERSION = 1;

export function json(value: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...value }, null, 2)}\n`;
}
