/** What the views of an editor ask for, a page at a time: docs/lsp.md describes it. */
import { RequestType } from 'vscode-languageserver/node';
import type { BackendOverview, InventoryRow } from '../app/api.ts';
import type { ExpiryGroup } from '../core/inventory/expiryGroup.ts';
import type { FileMark } from '../core/inventory/fileMarks.ts';
import type { Holdings } from '../core/inventory/holdings.ts';

export interface TreeGroup {
  /** Names the group in the next question; the same after each reading. */
  readonly id: string;
  /** Null: what has no such thing. */
  readonly value: string | null;
  /** Where several projects have a group of this value. */
  readonly project?: string;
  readonly count: number;
  /** How many of its rows want somebody. */
  readonly attention: number;
  /** The same as before: its rows say what they said. */
  readonly revision: string;
}

/** As much of a row as one line shows; `identity/row` tells the rest. */
export interface TreeRow {
  /** The same after each reading. */
  readonly id: string;
  /** Root of its project: `uri` of what is done to it. */
  readonly uri: string;
  /** Where several projects are open. */
  readonly project?: string;
  readonly identity: Pick<InventoryRow, 'kind' | 'namespace' | 'name'>;
  readonly machine: string | null;
  readonly status: string;
  readonly expiry: ExpiryGroup;
  readonly verbs: InventoryRow['verbs'];
  readonly owner: string | null;
  readonly backend: string | null;
  readonly isLogin: boolean;
  /** Another system issues and renews it. */
  readonly isObserved: boolean;
  readonly isDeclared: boolean;
  readonly isIssued: boolean;
}

export interface TreeGroups {
  readonly groups: readonly TreeGroup[];
  /** All groups, on whatever page. */
  readonly total: number;
  /** Rows that the filter leaves, each counted once. */
  readonly matching: number;
  /** Rows without the filter. */
  readonly rows: number;
  /** Folders are read for the first time: there will be more rows, and `identity/changed` says when. */
  readonly reading?: ReadingNow;
}

/** In files, of all projects together. */
export interface ReadingNow {
  readonly done: number;
  readonly total: number;
}

export interface TreeRows {
  readonly rows: readonly TreeRow[];
  /** All rows of the group; 0: there is no such group any more. */
  readonly total: number;
  readonly revision: string;
}

export interface Summary {
  readonly total: number;
  /** How many want somebody. */
  readonly attention: number;
  /** How many end within 7 days, without those that never live longer and are not due. */
  readonly endThisWeek: number;
  /** By when they end, in the order in which it is shown. */
  readonly groups: readonly TreeGroup[];
  readonly projects: readonly { readonly uri: string; readonly name: string; readonly rows: number }[];
  readonly reading?: ReadingNow;
}

export interface Found {
  readonly rows: readonly TreeRow[];
  /** There are more than were asked for. */
  readonly more: boolean;
}

export interface WholeRow {
  readonly uri: string;
  readonly project: string;
  readonly row: InventoryRow;
}

export interface BackendItem extends BackendOverview {
  /** The same after each reading. */
  readonly id: string;
  /** Root of its project. */
  readonly uri: string;
  /** Where several projects are open. */
  readonly project?: string;
  readonly holds: Holdings;
  /** Signing in is what is missing. */
  readonly signIn: boolean;
}

/** What an editor's file tree shows of a manifest. */
export interface MarkedFile extends Pick<FileMark, 'badge' | 'tone' | 'text'> {
  readonly uri: string;
}

export const FileMarksRequest = new RequestType<unknown, readonly MarkedFile[], void>('identity/fileMarks');
export const TreeRequest = new RequestType<unknown, TreeGroups | TreeRows, void>('identity/tree');
export const SummaryRequest = new RequestType<unknown, Summary, void>('identity/summary');
export const FindRequest = new RequestType<unknown, Found, void>('identity/find');
export const RowRequest = new RequestType<unknown, WholeRow | null, void>('identity/row');
export const BackendsRequest = new RequestType<unknown, readonly BackendItem[], void>('identity/backends');
