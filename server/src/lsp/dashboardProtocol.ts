/** What a dashboard asks: docs/lsp.md describes it. */
import { RequestType } from 'vscode-languageserver/node';
import type { ImpactReport } from '../app/impact.ts';
import type { MigrationPlan } from '../core/migration/plan.ts';
import type { Outlook } from '../core/outlook/outlook.ts';

export interface Dashboard extends Outlook {
  /** All that are open, whichever the figures are about. */
  readonly projects: readonly {
    /** URI. */
    readonly root: string;
    readonly name: string;
    readonly trusted: boolean;
    readonly identities: number;
  }[];
}

/** What `identity/dependents` can be asked about. */
export interface ImpactSubject {
  /** URI. */
  readonly root: string;
  readonly project: string;
  /** `Certificate/payments/api`, `Backend/internal-ca`. */
  readonly id: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export const DashboardRequest = new RequestType<unknown, Dashboard, void>('identity/dashboard');
/** Null: no manifest declares it. */
export const DependentsRequest = new RequestType<
  unknown,
  (ImpactReport & { readonly root: string }) | null,
  void
>('identity/dependents');
/** The text is Markdown, for a person. */
export const MigrationRequest = new RequestType<
  unknown,
  { readonly text: string; readonly plan: MigrationPlan },
  void
>('identity/migrationPlan');
export const ImpactSubjectsRequest = new RequestType<unknown, readonly ImpactSubject[], void>(
  'identity/impactSubjects',
);
