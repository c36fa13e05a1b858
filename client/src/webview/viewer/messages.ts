/** What the extension and the viewer say to each other. Compiled for both, so it knows neither. */
import type { Credentials, More, Wanted } from './credential.ts';
import type { About } from './pageState.ts';

export interface ViewerStrings {
  readonly loading: string;
  readonly chain: string;
  readonly chains: string;
  readonly contents: string;
  readonly findings: string;
  readonly belongsTo: string;
  readonly on: string;
  readonly deliveredHere: string;
  readonly openManifest: string;
  readonly openAsText: string;
  readonly save: string;
  readonly passphrase: string;
  readonly wrongPassphrase: string;
  readonly copy: string;
  readonly copied: string;
  readonly showAll: string;
  readonly showLess: string;
  readonly left: string;
  readonly more: string;
  readonly moreCards: string;
  readonly rows: string;
  readonly none: string;
  readonly explain: string;
  readonly elapsed: string;
  readonly inside: string;
  readonly good: string;
  readonly attention: string;
  readonly bad: string;
  readonly error: string;
  readonly warning: string;
  readonly info: string;
}

export type ToPage =
  /** First of all, so that the page can be asked for again however early the window is closed. */
  | { readonly type: 'about'; readonly about: About | null }
  | {
      readonly type: 'credentials';
      readonly credentials: Credentials;
      /** What can be done with it here. */
      readonly offers: { readonly text: boolean; readonly save: boolean };
    }
  | { readonly type: 'failed'; readonly what: string }
  /** To the question of this number; null: what was read is gone, and comes anew. */
  | { readonly type: 'more'; readonly question: number; readonly more: More | null };

export type FromPage =
  | { readonly type: 'more'; readonly question: number; readonly wanted: Wanted }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'open'; readonly place: string }
  | { readonly type: 'passphrase' | 'openAsText' | 'save' };

export function readFromPage(message: unknown): FromPage | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message)) return undefined;
  const given = message as Readonly<Record<string, unknown>>;
  switch (given['type']) {
    case 'passphrase':
    case 'openAsText':
    case 'save':
      return { type: given['type'] };
    case 'copy':
      return typeof given['text'] === 'string' ? { type: 'copy', text: given['text'] } : undefined;
    case 'open':
      return typeof given['place'] === 'string' ? { type: 'open', place: given['place'] } : undefined;
    case 'more': {
      const { question, wanted } = given;
      // What is wanted is judged by the server, which takes counts and nothing else.
      return typeof question === 'number' && typeof wanted === 'object' && wanted !== null
        ? { type: 'more', question, wanted: wanted as Wanted }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** How the page names a place that it was told of, and may ask to be opened. */
export function placeName(uri: string, line?: number): string {
  return line === undefined ? uri : `${uri}#${line}`;
}
