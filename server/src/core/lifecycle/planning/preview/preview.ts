import type { Plan } from '../../plan.ts';

/** What of an identity a line of the preview is about; stable. */
export type ChangeSubject =
  | 'machines'
  | 'subject'
  | 'names'
  | 'usages'
  | 'limits'
  | 'issuer'
  | 'key'
  | 'validity'
  | 'former'
  | 'status'
  | 'delivery'
  | 'copy';

/** One thing before and after the action, as a person reads it. */
export interface PlanChange {
  readonly what: ChangeSubject;
  /** `Names`, `Key`, or the place of a delivery. */
  readonly title: string;
  /** Of these machines' shares alone; left out: of all that the plan is about. */
  readonly machines?: readonly string[];
  /** Null: there is none yet. */
  readonly before: string | null;
  /** Null: there is none any more. */
  readonly after: string | null;
  /** False: told although it stays as it is. */
  readonly changes: boolean;
}

/** Whom and what else the action touches. */
export interface PlanReach {
  readonly what: 'backend' | 'consumer' | 'endpoint' | 'outage';
  /** Empty for the outage. */
  readonly name: string;
  readonly detail: string;
}

export interface PlanPreview {
  readonly changes: readonly PlanChange[];
  readonly reach: readonly PlanReach[];
}

/** A plan with what it would change: what a person looks at before anything runs. */
export type PreviewedPlan = Plan & PlanPreview;
