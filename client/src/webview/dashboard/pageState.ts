import type { Unit } from './timelineChart.ts';

/** What somebody chose, kept over a reload of the window. */
export interface PageState {
  /** The day that is looked at; null: today. */
  readonly date: string | null;
  readonly unit: Unit;
  readonly project: string | null;
  readonly subject: { readonly root: string; readonly id: string } | null;
}

/** It may be of an older version of this page. */
export function readState(kept: unknown): PageState {
  const { date, unit, project, subject } = isRecord(kept) ? kept : {};
  return {
    date: typeof date === 'string' && !Number.isNaN(Date.parse(date)) ? date : null,
    unit: unit === 'month' ? 'month' : 'week',
    project: typeof project === 'string' ? project : null,
    subject:
      isRecord(subject) && typeof subject['root'] === 'string' && typeof subject['id'] === 'string'
        ? { root: subject['root'], id: subject['id'] }
        : null,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
