/** What a viewer keeps while it is hidden, and over a reload of the window. */
export interface PageState {
  readonly open: readonly number[];
  readonly closed: readonly number[];
  readonly scroll: number;
  /** Whose credential a panel shows; null: that of the file whose editor it is. */
  readonly about: About | null;
}

export interface About {
  readonly identity: string;
  readonly machine?: string;
  readonly uri: string;
}

/** It may be of an older version of this page. */
export function readState(kept: unknown): PageState {
  const { open, closed, scroll } = isRecord(kept) ? kept : {};
  return {
    open: numbers(open),
    closed: numbers(closed),
    scroll: typeof scroll === 'number' ? scroll : 0,
    about: readAbout(kept) ?? null,
  };
}

/** Undefined: nothing that could be asked for. */
export function readAbout(kept: unknown): About | undefined {
  const about = isRecord(kept) ? kept['about'] : undefined;
  if (!isRecord(about)) return undefined;
  const { identity, machine, uri } = about;
  if (typeof identity !== 'string' || typeof uri !== 'string') return undefined;
  return { identity, uri, ...(typeof machine === 'string' ? { machine } : {}) };
}

function numbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'number') : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
