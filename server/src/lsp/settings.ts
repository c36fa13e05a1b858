/** Section `idac` of the editor's settings. What is missing or has another type keeps its default. */
export const SECTION = 'idac';

export interface Settings {
  readonly codeLens: { readonly enabled: boolean };
  readonly inlayHints: { readonly enabled: boolean };
}

const DEFAULTS: Settings = { codeLens: { enabled: true }, inlayHints: { enabled: true } };

export function readSettings(given: unknown): Settings {
  const enabled = (feature: keyof Settings): { readonly enabled: boolean } => {
    const value = child(child(given, feature), 'enabled');
    return { enabled: typeof value === 'boolean' ? value : DEFAULTS[feature].enabled };
  };
  return { codeLens: enabled('codeLens'), inlayHints: enabled('inlayHints') };
}

function child(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
