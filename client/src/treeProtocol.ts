/** The inventory as the server tells it to a view: in groups, in pages (docs/lsp.md). These are the fields that are shown. */
import type { BackendCheck, IdentityRef, InventoryRow, Verb } from './protocol.ts';

/** In the order in which they are shown. */
export type ExpiryGroup =
  | 'expired'
  | 'within7Days'
  | 'within30Days'
  | 'within90Days'
  | 'later'
  | 'notIssued'
  | 'notSignedIn'
  | 'elsewhere'
  | 'other';

export interface TreeGroup {
  readonly id: string;
  /** Null: what has no such thing. */
  readonly value: string | null;
  readonly project?: string;
  readonly count: number;
  /** How many of its rows want somebody. */
  readonly attention: number;
  /** The same as before: its rows say what they said. */
  readonly revision: string;
}

export interface TreeRow {
  readonly id: string;
  readonly uri: string;
  readonly project?: string;
  readonly identity: IdentityRef;
  readonly machine: string | null;
  /** `expires in 12 days`: the words that every face shows. */
  readonly status: string;
  readonly expiry: ExpiryGroup;
  readonly verbs: readonly Verb[];
  readonly owner: string | null;
  readonly isLogin: boolean;
  readonly isObserved: boolean;
  readonly isDeclared: boolean;
  readonly isIssued: boolean;
}

export interface TreeQuestion {
  readonly groupBy: string;
  readonly filter?: string;
  readonly offset?: number;
  readonly limit?: number;
}

export interface TreeGroups {
  readonly groups: readonly TreeGroup[];
  readonly total: number;
  readonly matching: number;
  readonly rows: number;
}

export interface TreeRows {
  readonly rows: readonly TreeRow[];
  readonly total: number;
  readonly revision: string;
}

export interface Summary {
  readonly total: number;
  readonly attention: number;
  readonly endThisWeek: number;
  /** How many files were read of how many, while they are read for the first time: the figures still grow. */
  readonly reading?: { readonly done: number; readonly total: number };
}

export interface FindQuestion {
  readonly query: string;
  readonly verb?: Verb;
  readonly limit: number;
}

export interface Found {
  readonly rows: readonly TreeRow[];
  readonly more: boolean;
}

export interface WholeRow {
  readonly uri: string;
  readonly row: InventoryRow;
}

/** A declared backend, as it was seen when it was opened or checked last. */
export interface BackendItem {
  readonly id: string;
  readonly uri: string;
  readonly project?: string;
  readonly backend: string;
  readonly type: string;
  readonly title: string;
  readonly address: string | null;
  readonly roles: readonly string[];
  readonly owner: string | null;
  readonly contact: string | null;
  readonly declaredAt: NonNullable<InventoryRow['declaredAt']>;
  readonly standing:
    | 'untrusted'
    | 'broken'
    | 'unconfirmed'
    | 'missing'
    | 'refused'
    | 'failed'
    | 'reachable'
    | 'unknown';
  readonly at: string | null;
  readonly login: {
    readonly method: string;
    readonly expiresAt: string | null;
    readonly reach: readonly string[];
  } | null;
  readonly checks: BackendCheck['checks'];
  readonly holds: { readonly issues: number; readonly keys: number; readonly delivered: number };
  readonly signIn: boolean;
}

/** A manifest with something that wants a person. */
export interface MarkedFile {
  readonly uri: string;
  /** At most two signs. */
  readonly badge: string;
  readonly tone: 'bad' | 'attention';
  readonly text: string;
}
