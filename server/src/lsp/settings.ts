/** Section `idac` of the editor's settings. What is missing or has another type keeps its default. */
export const SECTION = 'idac';

export interface Settings {
  readonly codeLens: { readonly enabled: boolean };
}

const DEFAULTS: Settings = { codeLens: { enabled: true } };

export function readSettings(given: unknown): Settings {
  const enabled = child(child(given, 'codeLens'), 'enabled');
  return { codeLens: { enabled: typeof enabled === 'boolean' ? enabled : DEFAULTS.codeLens.enabled } };
}

function child(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
