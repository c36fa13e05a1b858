import type { IdentityId } from '../../../core/identity/identityId.ts';
import type { CredentialFacts } from '../../../core/lifecycle/event.ts';
import type { NewEvent } from '../../../core/lifecycle/stateStore.ts';
import type { Task, TaskOf } from '../../../core/lifecycle/task.ts';
import type { JournalView, StepOutcome } from '../journal.ts';
import type { Services } from '../services.ts';
import type { Staged } from './stagedSecret.ts';

export type StepRun =
  | { readonly state: 'acted'; readonly outcome: StepOutcome; readonly events: readonly NewEvent[] }
  /** Not yet: look again at `retryAt` (ISO 8601). */
  | { readonly state: 'pending'; readonly retryAt: string; readonly why: string }
  /** It cannot be told whether the step acted; `what` says what was looked for. A person decides. */
  | { readonly state: 'unknown'; readonly what: string; readonly hint: string };

export interface StepContext {
  readonly services: Services;
  readonly planId: string;
  readonly identity: IdentityId;
  readonly because: string | undefined;
  /** The journal as it stands: outcomes of the steps before. */
  readonly view: JournalView;
  /** An earlier process began this step and did not come back: look before acting. */
  readonly resumed: boolean;
  /** Compartment of the sealed store for this action: private keys and former contents, until the end. */
  readonly staged: Staged;
}

/**
 * One verb of a plan. `run` is safe to call again after a crash at any point: it looks first whether it acted already.
 * `undo` takes it back from whatever state it is in, and gives the events that say so.
 */
export interface Step<V extends Task['verb']> {
  run(task: TaskOf<V>, context: StepContext, signal: AbortSignal): Promise<StepRun>;
  undo?(task: TaskOf<V>, context: StepContext, signal: AbortSignal): Promise<readonly NewEvent[]>;
}

/** A step found something that makes going on wrong: nothing of it was done. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly what: string;
  readonly hint: string;

  constructor(what: string, hint: string) {
    super(what);
    this.what = what;
    this.hint = hint;
  }
}

type EventBody = NewEvent extends infer Each
  ? Each extends NewEvent
    ? Omit<
        Each,
        'schemaVersion' | 'id' | 'at' | 'identity' | 'generation' | 'machine' | 'actor' | 'because' | 'planId'
      >
    : never
  : never;

/** An event about the task's generation. The id comes from the plan, so that a repeated step records it once. */
export function eventOf(
  context: StepContext,
  task: Pick<Task, 'generation' | 'machine'>,
  eventId: string,
  body: EventBody,
): NewEvent {
  const { services, identity, because, planId } = context;
  return {
    ...body,
    schemaVersion: 1,
    id: eventId,
    at: services.clock.now().toISOString(),
    identity,
    generation: task.generation,
    ...(task.machine === null ? {} : { machine: task.machine }),
    actor: services.actor,
    ...(because === undefined ? {} : { because }),
    planId,
  } as NewEvent;
}

/** What a delivery is made of, as the issue step left it. */
export interface Issued {
  readonly credential: CredentialFacts;
  readonly publicText: string;
  readonly anchorText?: string | null;
}

/** What the issue step of a generation in this action made, or what the plan knew of one that is put back. */
export function issuedIn(view: JournalView, generation: string): Issued {
  for (const task of view.action.tasks) {
    if (task.verb === 'put-back' && task.generation === generation) return task.issued;
    if (task.verb !== 'issue' || task.generation !== generation) continue;
    const outcome = view.steps.get(task.n)?.outcome;
    if (outcome?.verb === 'issue') return outcome;
  }
  throw new StepFailure(
    'What this step works on was not issued.',
    'The journal is damaged: undo the action with `idac resume --undo`.',
  );
}
