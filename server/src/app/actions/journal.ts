import { BackendError } from '../../backends/errors.ts';
import type { DeliveryContent } from '../../core/lifecycle/deliveryContent.ts';
import type { CredentialFacts, IdentityEvent, RevocationReason } from '../../core/lifecycle/event.ts';
import type { ActionState, StepResult } from '../../core/lifecycle/plan.ts';
import type { NewEvent } from '../../core/lifecycle/stateStore.ts';
import type { PlannedAction } from '../../core/lifecycle/task.ts';
import type { Addresses } from './addresses.ts';

/** What a step found out or made: public data that later steps and a resumed run need. */
export type StepOutcome =
  | {
      readonly verb:
        | 'make-key'
        | 'publish'
        | 'supersede'
        | 'destroy-copy'
        | 'destroy-key'
        | 'erase-staged'
        | 'reload';
    }
  | { readonly verb: 'read-request' }
  | {
      readonly verb: 'issue';
      readonly credential: CredentialFacts;
      readonly publicText: string;
      readonly anchorText: string | null;
      /** What a person should know of how it was made. */
      readonly told?: string;
    }
  | { readonly verb: 'deliver'; readonly version: string; readonly contents: readonly DeliveryContent[] }
  | { readonly verb: 'put-back'; readonly version: string }
  | { readonly verb: 'verify'; readonly at: string }
  | { readonly verb: 'revoke'; readonly at: string; readonly reason: RevocationReason };

/** Of the form of journals; another one was written by another version of this tool. */
export const JOURNAL_VERSION = 1;

/**
 * One line of an action's journal. `start` is durable before a step acts; `acted` before its events are recorded, and
 * before the next step acts; `done` after. So a process that died left a line that says what to look for. `done` alone
 * makes nothing safe, for whoever does not find it records the same events again, which changes nothing: it is written
 * with the next line, and so is the `acted` of a step without events. Between two such lines nothing happens outside. A
 * step that only looks changes nothing outside: its lines are written while it looks and while its event is recorded.
 */
export type JournalEntry =
  | {
      readonly t: 'planned';
      readonly schemaVersion: typeof JOURNAL_VERSION;
      readonly at: string;
      readonly action: PlannedAction;
      readonly addresses: Addresses;
      readonly because?: string;
    }
  | { readonly t: 'start'; readonly n: number; readonly at: string }
  | {
      readonly t: 'acted';
      readonly n: number;
      readonly at: string;
      readonly outcome: StepOutcome;
      readonly events: readonly NewEvent[];
    }
  | { readonly t: 'done'; readonly n: number; readonly at: string; readonly events: readonly IdentityEvent[] }
  | {
      readonly t: 'failed' | 'unknown';
      readonly n: number;
      readonly at: string;
      readonly what: string;
      readonly hint: string;
    }
  | {
      readonly t: 'pending';
      readonly n: number;
      readonly at: string;
      readonly retryAt: string;
      readonly why: string;
    }
  /** From here on the action is taken back, and resuming it goes on taking it back. */
  | { readonly t: 'undo'; readonly at: string; readonly as: 'failed' | 'cancelled' | 'undone' }
  | {
      readonly t: 'taken-back';
      readonly n: number;
      readonly at: string;
      readonly events: readonly NewEvent[];
    }
  | {
      readonly t: 'undone';
      readonly n: number;
      readonly at: string;
      readonly events: readonly IdentityEvent[];
    }
  /** A person gave it up: from here on resuming it records that, and nothing else is done. */
  | { readonly t: 'give-up'; readonly at: string; readonly events: readonly NewEvent[] }
  | { readonly t: 'given-up'; readonly at: string; readonly events: readonly IdentityEvent[] }
  | { readonly t: 'end'; readonly at: string; readonly state: ActionState | 'overtaken' };

/** What a journal says, read front to back. */
export interface JournalView {
  readonly action: PlannedAction;
  readonly addresses: Addresses;
  readonly because: string | undefined;
  readonly startedAt: string;
  readonly steps: ReadonlyMap<number, StepTrace>;
  readonly undoing: 'failed' | 'cancelled' | 'undone' | null;
  /** What is recorded of its being given up; null: it is not. */
  readonly givingUp: readonly NewEvent[] | null;
  /** The step that failed before anything was taken back. */
  readonly failure: { readonly n: number; readonly detail: string } | null;
  readonly ended: ActionState | 'overtaken' | null;
  readonly endedAt: string | null;
  /** Every event that this action recorded, with its place in the chain. */
  readonly events: readonly IdentityEvent[];
}

export interface StepTrace {
  readonly result: StepResult;
  readonly started: boolean;
  readonly outcome: StepOutcome | null;
  readonly startedAt: string;
  /** Acted, or was taken back, but the events of that may not be recorded yet. */
  readonly unrecorded: { readonly of: 'acting' | 'undoing'; readonly events: readonly NewEvent[] } | null;
}

const NO_TRACE = (n: number): StepTrace => ({
  result: { n, state: 'waiting' },
  started: false,
  outcome: null,
  startedAt: '',
  unrecorded: null,
});

function traceAfter(trace: StepTrace, entry: Extract<JournalEntry, { n: number }>): StepTrace {
  const { n } = entry;
  switch (entry.t) {
    case 'start':
      // Begun once more, a step is no longer pending: it may act from here on.
      return {
        ...trace,
        result: { n, state: 'waiting' },
        started: true,
        startedAt: trace.startedAt || entry.at,
      };
    case 'acted':
      return { ...trace, outcome: entry.outcome, unrecorded: { of: 'acting', events: entry.events } };
    case 'done':
      return { ...trace, result: { n, state: 'done', ...toldBy(trace.outcome) }, unrecorded: null };
    case 'failed':
    case 'unknown':
      return { ...trace, result: { n, state: entry.t, detail: `${entry.what} ${entry.hint}` } };
    case 'pending':
      return { ...trace, result: { n, state: 'pending', detail: entry.why, retryAt: entry.retryAt } };
    case 'taken-back':
      return { ...trace, unrecorded: { of: 'undoing', events: entry.events } };
    case 'undone':
      return { ...trace, result: { n, state: 'undone' }, unrecorded: null };
    default:
      return entry satisfies never;
  }
}

function toldBy(outcome: StepOutcome | null): { readonly detail?: string } {
  return outcome?.verb === 'issue' && outcome.told !== undefined ? { detail: outcome.told } : {};
}

/**
 * Undefined when the journal never got as far as its plan: nothing was done then. BackendError `unsupported` when another
 * version wrote it: half of its steps would be misunderstood.
 */
export function readJournal(entries: readonly JournalEntry[]): JournalView | undefined {
  const first = entries[0];
  if (first?.t !== 'planned') return undefined;
  if (first.schemaVersion !== JOURNAL_VERSION) {
    throw new BackendError({
      kind: 'unsupported',
      what: `The journal of action ${first.action.plan.id} was written by another version of idac.`,
      hint: 'Finish or undo that action with the version that began it.',
    });
  }
  const steps = new Map<number, StepTrace>();
  const events: IdentityEvent[] = [];
  let undoing: JournalView['undoing'] = null;
  let givingUp: JournalView['givingUp'] = null;
  let failure: JournalView['failure'] = null;
  let ended: JournalView['ended'] = null;
  let endedAt: string | null = null;
  for (const entry of entries) {
    if (entry.t === 'planned') continue;
    if (entry.t === 'undo') undoing = entry.as;
    else if (entry.t === 'give-up') givingUp = entry.events;
    else if (entry.t === 'given-up') events.push(...entry.events);
    else if (entry.t === 'end') {
      ended = entry.state;
      endedAt = entry.at;
    } else {
      if (entry.t === 'failed' && undoing === null)
        failure = { n: entry.n, detail: `${entry.what} ${entry.hint}` };
      steps.set(entry.n, traceAfter(steps.get(entry.n) ?? NO_TRACE(entry.n), entry));
      if (entry.t === 'done' || entry.t === 'undone') events.push(...entry.events);
    }
  }
  return {
    action: first.action,
    addresses: first.addresses,
    because: first.because,
    startedAt: first.at,
    steps,
    undoing,
    givingUp,
    failure,
    ended,
    endedAt,
    events,
  };
}

export function traceOf(view: JournalView, n: number): StepTrace {
  return view.steps.get(n) ?? NO_TRACE(n);
}

/** The line is crossed once a final step was started: from then on the action is only finished. */
export function crossedLine(view: JournalView): boolean {
  const { line } = view.action.plan;
  return (
    line !== null &&
    [...view.steps].some(([n, trace]) => n >= line && trace.started && trace.result.state !== 'pending')
  );
}
