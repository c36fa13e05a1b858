/** What the page reads of the server's answers (docs/lsp.md). All of it was counted there; nothing is judged here. */

export const SPANS = ['expired', 'within7Days', 'within30Days', 'within90Days', 'later'] as const;
export type Span = (typeof SPANS)[number];

/** In columns: what holds from day `days[i]` on. */
export type StateSeries = Readonly<Record<'days' | 'due' | Span, readonly number[]>>;

export interface Timeline {
  readonly overdue: number;
  readonly buckets: readonly { readonly from: string; readonly ends: number }[];
  readonly later: number;
}

export interface Risk {
  readonly name: string | null;
  /** URI of its root; empty: of all. */
  readonly project: string;
  readonly contact: string | null;
  readonly count: number;
  readonly expired: number;
  readonly due: number;
  readonly nextEnd: string | null;
}

export interface Risks {
  readonly groups: readonly Risk[];
  readonly more: {
    readonly groups: number;
    readonly count: number;
    readonly expired: number;
    readonly due: number;
  } | null;
}

export interface AlgorithmUse {
  readonly algorithm: string;
  readonly family: string;
  readonly parameter: string | null;
  readonly strength: number | null;
  readonly quantum: 'vulnerable' | 'resistant' | 'unknown';
  readonly deprecatedAfter: number | null;
  readonly disallowedAfter: number | null;
  readonly count: number;
  readonly byManifest: number;
}

export const BINDINGS = ['manifest', 'store', 'machine', 'authority', 'elsewhere', 'undeclared'] as const;
export type Binding = (typeof BINDINGS)[number];

export interface Dashboard {
  readonly projects: readonly {
    readonly root: string;
    readonly name: string;
    readonly trusted: boolean;
    readonly identities: number;
  }[];
  readonly now: string;
  readonly on: string;
  readonly total: number;
  readonly lives: Readonly<Record<'dated' | 'endless' | 'unissued' | 'elsewhere' | 'ended', number>>;
  readonly renewals: number;
  readonly series: StateSeries;
  readonly horizonDays: number;
  readonly weeks: Timeline;
  readonly months: Timeline;
  readonly agility: {
    readonly algorithms: readonly AlgorithmUse[];
    readonly bindings: Readonly<Record<Binding | 'none', number>>;
    readonly source: string;
  };
  readonly owners: Risks;
  readonly issuers: Risks;
}

export type Tie =
  | 'issued'
  | 'keyKept'
  | 'delivered'
  | 'anchored'
  | 'included'
  | 'attested'
  | 'sharesKey'
  | 'borne'
  | 'consumed';
export type Layer = 'backends' | 'bundles' | 'identities' | 'machines' | 'consumers';

export interface ImpactNode {
  readonly id: string;
  readonly layer: Layer;
  readonly kind: string | null;
  readonly namespace: string;
  readonly name: string | null;
  readonly owner: string | null;
  readonly count: number;
  readonly group: 'owner' | 'namespace' | 'kind' | 'rest' | null;
  readonly ties: readonly Tie[];
  readonly needs: readonly string[];
  readonly status: string | null;
}

export interface Impact {
  readonly root: string;
  readonly subject: string;
  readonly layers: readonly {
    readonly layer: Layer;
    readonly total: number;
    readonly nodes: readonly ImpactNode[];
  }[];
  readonly owners: number;
}

/** What can be asked about. */
export interface Subject {
  readonly root: string;
  readonly project: string;
  readonly id: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}
