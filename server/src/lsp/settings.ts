/** Section `idac` of the editor's settings. What is missing or has another type keeps its default. */
export const SECTION = 'idac';

export interface LensSettings {
  /** False: none at all. */
  readonly enabled: boolean;
  /** Where an identity stands. */
  readonly state: boolean;
  /** Issue, renew, rotate, restore, verify. */
  readonly lifecycle: boolean;
  /** Revoke and destroy. */
  readonly destructive: boolean;
  /** What was interrupted, to be resumed or undone. */
  readonly unfinished: boolean;
  /** Sign in and check the connection; which verbs a login may not use. */
  readonly backends: boolean;
}

export interface Settings {
  readonly codeLens: LensSettings;
  readonly inlayHints: { readonly enabled: boolean };
  /** What is wrong with certificates in a file of them that is open. */
  readonly certificates: { readonly lint: boolean };
  /** Secrets in whatever file is open. */
  readonly secrets: { readonly whileTyping: boolean };
}

const DEFAULTS: Settings = {
  codeLens: {
    enabled: true,
    state: true,
    lifecycle: true,
    destructive: true,
    unfinished: true,
    backends: true,
  },
  inlayHints: { enabled: true },
  certificates: { lint: true },
  secrets: { whileTyping: true },
};

export function readSettings(given: unknown): Settings {
  return {
    codeLens: switches(child(given, 'codeLens'), DEFAULTS.codeLens),
    inlayHints: switches(child(given, 'inlayHints'), DEFAULTS.inlayHints),
    certificates: switches(child(given, 'certificates'), DEFAULTS.certificates),
    secrets: switches(child(given, 'secrets'), DEFAULTS.secrets),
  };
}

function switches<T extends { readonly [name in keyof T]: boolean }>(given: unknown, defaults: T): T {
  return Object.fromEntries(
    Object.entries(defaults).map(([name, initial]) => {
      const value = child(given, name);
      return [name, typeof value === 'boolean' ? value : initial];
    }),
  ) as T;
}

function child(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
