/** What the extension and the page say to each other. Compiled for both, so it knows neither. */
import type { Dashboard, Impact, Subject } from './figures.ts';

export type ToPage =
  | { readonly type: 'figures'; readonly figures: Dashboard; readonly restricted: boolean }
  /** Null: no manifest declares it any more. */
  | { readonly type: 'impact'; readonly of: string; readonly impact: Impact | null }
  | { readonly type: 'subjects'; readonly query: string; readonly subjects: readonly Subject[] }
  | { readonly type: 'waiting'; readonly for: 'server' | 'start' };

/** What the page wants to be told, now and whenever it changes. */
export interface Look {
  /** ISO 8601; null: as it is now. */
  readonly on: string | null;
  /** URI of a root; null: all projects. */
  readonly project: string | null;
}

export const GROUPINGS = ['owner', 'backend', 'algorithm', 'expiry', 'state'] as const;
export type Grouping = (typeof GROUPINGS)[number];
const ERRANDS = ['newManifest', 'restartServer', 'manageTrust'] as const;
export type Errand = (typeof ERRANDS)[number];

export type FromPage =
  | ({ readonly type: 'look' } & Look)
  | { readonly type: 'find'; readonly query: string }
  /** A subject by its root and id. */
  | { readonly type: 'impact'; readonly root: string; readonly id: string }
  /** A box of the impact that was sent last. */
  | { readonly type: 'openManifest'; readonly id: string }
  /** What is to be seen in the inventory; null: those that have no such thing. */
  | { readonly type: 'inventory'; readonly by: Grouping; readonly value: string | null }
  | { readonly type: 'errand'; readonly what: Errand };

export function readFromPage(message: unknown): FromPage | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const given = message as Readonly<Record<string, unknown>>;
  const text = (name: string): string | undefined => {
    const value = given[name];
    return typeof value === 'string' && value.length < 2000 ? value : undefined;
  };
  switch (given['type']) {
    case 'look': {
      const on = text('on');
      if (on !== undefined && Number.isNaN(Date.parse(on))) return undefined;
      return { type: 'look', on: on ?? null, project: text('project') ?? null };
    }
    case 'find': {
      const query = text('query');
      return query === undefined ? undefined : { type: 'find', query };
    }
    case 'impact': {
      const [root, id] = [text('root'), text('id')];
      return root === undefined || id === undefined ? undefined : { type: 'impact', root, id };
    }
    case 'openManifest': {
      const id = text('id');
      return id === undefined ? undefined : { type: 'openManifest', id };
    }
    case 'inventory': {
      const by = GROUPINGS.find((each) => each === given['by']);
      return by === undefined ? undefined : { type: 'inventory', by, value: text('value') ?? null };
    }
    case 'errand': {
      const what = ERRANDS.find((each) => each === given['what']);
      return what === undefined ? undefined : { type: 'errand', what };
    }
    default:
      return undefined;
  }
}
