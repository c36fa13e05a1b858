import { BackendError } from '../../backends/errors.ts';
import type { IdentityEvent } from '../../core/lifecycle/event.ts';
import { leftStepText } from '../../core/lifecycle/leftStepText.ts';
import type { ActionResult, ActionState, PlanStep } from '../../core/lifecycle/plan.ts';
import type { NewEvent } from '../../core/lifecycle/stateStore.ts';
import { StaleHead } from '../../core/lifecycle/stateStore.ts';
import type { Task } from '../../core/lifecycle/task.ts';
import { sentence } from '../../core/text/sentence.ts';
import type { ActionObserver, Checkpoint } from '../api.ts';
import { describeFailure } from '../failure.ts';
import { isAbandonable, leftBy } from './abandon.ts';
import type { StepOutcome } from './journal.ts';
import { crossedLine, traceOf } from './journal.ts';
import type { OpenJournal } from './openJournal.ts';
import type { Services } from './services.ts';
import { targetOf } from './steps/deliver.ts';
import { eraseStaged, stagedOf } from './steps/stagedSecret.ts';
import type { StepContext } from './steps/step.ts';
import { StepFailure } from './steps/step.ts';
import { runStep, undoStep } from './steps/table.ts';

/** How long taking back may go on once a person has cancelled. */
const UNDO_LIMIT_MS = 120_000;

/** How often the record may change between reading it and adding to it. */
const RECORD_TRIES = 20;

export interface Carriage {
  readonly journal: OpenJournal;
  readonly services: Services;
  readonly observer: ActionObserver;
  /** Of the record, as this action left it. */
  head?: string | undefined;
}

const now = ({ services }: Carriage) => services.clock.now().toISOString();

async function reached(
  carriage: Carriage,
  at: Exclude<Checkpoint, { at: 'planned' | 'locked' | 'ended' }>['at'],
  n: number,
): Promise<void> {
  const { plan } = carriage.journal.view().action;
  const step = plan.steps.find((each) => each.n === n);
  if (step !== undefined) await carriage.observer.reached?.({ at, step }, plan);
}

async function contextOf({ journal, services }: Carriage, resumed: boolean): Promise<StepContext> {
  const view = journal.view();
  const { plan } = view.action;
  return {
    services,
    planId: plan.id,
    identity: plan.identity,
    because: view.because,
    view,
    resumed,
    staged: stagedOf(await services.sealed(), plan.id),
  };
}

/** Adds the events to the record. Repeating it is harmless: an event that is there already is answered as it stands. */
async function record(
  carriage: Carriage,
  events: readonly NewEvent[],
  signal: AbortSignal,
): Promise<readonly IdentityEvent[]> {
  if (events.length === 0) return [];
  const { store } = carriage.services;
  const { identity } = carriage.journal.view().action.plan;
  for (let tries = 1; ; tries += 1) {
    carriage.head ??= (await store.read(identity, signal)).head;
    try {
      const { appended, head } = await store.append(identity, events, carriage.head, signal);
      carriage.head = head;
      return appended;
    } catch (error) {
      carriage.head = undefined;
      // Somebody merges at this moment. These events say what was done, whatever else is recorded.
      if (!(error instanceof StaleHead) || tries === RECORD_TRIES) throw error;
    }
  }
}

async function finish(
  carriage: Carriage,
  n: number,
  events: readonly NewEvent[],
  signal: AbortSignal,
  noting?: Promise<void> | void,
): Promise<void> {
  const [recorded] = await Promise.all([record(carriage, events, signal), noting]);
  carriage.journal.note({ t: 'done', n, at: now(carriage), events: recorded });
  await reached(carriage, 'step-done', n);
}

/**
 * A step that changes nothing outside need not wait for the lines of the journal that say what to look for: they are written
 * meanwhile, and whoever finds none of them looks once more, which leads to the same event, and that counts once.
 */
function onlyLooks({ verb }: Task): boolean {
  return verb === 'verify';
}

async function act(carriage: Carriage, task: Task, signal: AbortSignal): Promise<'done' | 'stopped'> {
  const { journal } = carriage;
  const { n } = task;
  const { started } = traceOf(journal.view(), n);
  const starting = journal.add({ t: 'start', n, at: now(carriage) });
  if (!onlyLooks(task)) await starting;
  starting.catch(() => undefined);
  await reached(carriage, 'step-journaled', n);
  const run = await runStep(task, await contextOf(carriage, started), signal);
  await starting;
  switch (run.state) {
    case 'pending':
      await journal.add({ t: 'pending', n, at: now(carriage), retryAt: run.retryAt, why: run.why });
      return 'stopped';
    case 'unknown':
      await journal.add({ t: 'unknown', n, at: now(carriage), what: run.what, hint: run.hint });
      return 'stopped';
    case 'acted': {
      await reached(carriage, 'step-acted', n);
      const outcome: StepOutcome = run.outcome;
      const acted = { t: 'acted', n, at: now(carriage), outcome, events: run.events } as const;
      // Without events nothing follows before the next line, which takes this one with it.
      const noting = run.events.length === 0 ? journal.note(acted) : journal.add(acted);
      if (!onlyLooks(task)) await noting;
      await reached(carriage, 'step-noted', n);
      // What was done is recorded even when the person cancels now.
      await finish(carriage, n, run.events, new AbortController().signal, noting);
      return 'done';
    }
    default:
      return run satisfies never;
  }
}

/** A delivered copy that is gone again (`git clean` in mid-action) is delivered again while its key is still here. */
async function mustRepeat(carriage: Carriage, task: Task, signal: AbortSignal): Promise<boolean> {
  if (task.verb !== 'deliver' || crossedLine(carriage.journal.view())) return false;
  const target = await targetOf(carriage.services, task.place, signal);
  return (await target.read(task.place.path, signal)) === undefined;
}

function failureOf(error: unknown): {
  what: string;
  hint: string;
  mayHaveActed: boolean;
  retryable: boolean;
} {
  if (error instanceof StepFailure) {
    return { what: error.what, hint: error.hint, mayHaveActed: false, retryable: false };
  }
  const { what, hint, retryable } = describeFailure(error);
  return {
    what: sentence(what),
    hint: sentence(hint),
    mayHaveActed: error instanceof BackendError && error.mayHaveActed,
    retryable,
  };
}

/** Runs what is left, in order. Stops where something must be waited for or decided. */
export async function goForward(
  carriage: Carriage,
  resumed: boolean,
  signal: AbortSignal,
): Promise<ActionResult> {
  const { journal, services } = carriage;
  const told = new Set<string>();
  for (const task of journal.view().action.tasks) {
    try {
      signal.throwIfAborted();
      const { unrecorded } = traceOf(journal.view(), task.n);
      if (unrecorded?.of === 'acting') await finish(carriage, task.n, unrecorded.events, signal);
      if (traceOf(journal.view(), task.n).result.state !== 'done') {
        if ((await act(carriage, task, signal)) === 'stopped') return resultOf(carriage, 'unfinished');
      } else if (resumed && (await mustRepeat(carriage, task, signal))) {
        const again = { ...task, eventId: services.newId() } as Task;
        if ((await act(carriage, again, signal)) === 'stopped') return resultOf(carriage, 'unfinished');
        if (task.verb === 'deliver' && task.place.reload !== undefined) told.add(task.place.reload);
      } else if (task.verb === 'reload' && told.has(task.command)) {
        if ((await act(carriage, task, signal)) === 'stopped') return resultOf(carriage, 'unfinished');
      }
    } catch (error) {
      return stop(carriage, task, error, signal);
    }
  }
  return end(carriage, 'done');
}

async function stop(
  carriage: Carriage,
  task: Task,
  error: unknown,
  signal: AbortSignal,
): Promise<ActionResult> {
  const { journal } = carriage;
  const { what, hint, mayHaveActed, retryable } = failureOf(error);
  const beforeLine = !crossedLine(journal.view());
  if (signal.aborted) return beforeLine ? takeBack(carriage, 'cancelled') : resultOf(carriage, 'unfinished');
  await journal.add({ t: mayHaveActed ? 'unknown' : 'failed', n: task.n, at: now(carriage), what, hint });
  // What may work in a moment is kept, so that no issued certificate is thrown away for a passing fault.
  const ended =
    !beforeLine || mayHaveActed || retryable
      ? resultOf(carriage, 'unfinished')
      : await takeBack(carriage, 'failed');
  return { ...ended, ...loginRefused(task, error) };
}

/** A step may use several backends: the message of the one that refused begins with its name. */
function loginRefused(task: Task, error: unknown): Pick<ActionResult, 'signIn'> {
  if (!(error instanceof BackendError) || error.kind !== 'unauthenticated') return {};
  const backends = [...new Set(backendsOf(task))];
  const named = backends.find((name) => error.what.startsWith(`${name} `)) ?? backends[0];
  return named === undefined ? {} : { signIn: named };
}

function backendsOf(task: Task): readonly string[] {
  const named = [
    'backend' in task ? task.backend : undefined,
    'place' in task ? task.place.backend : undefined,
    'store' in task ? task.store : undefined,
    'key' in task ? task.key?.store : undefined,
    ...('places' in task ? task.places.map(({ backend }) => backend) : []),
  ];
  return named.filter((name) => name !== undefined && name !== null);
}

/** The last first; but a service is told again only once the former content of all its copies is back. */
function undoOrder(tasks: readonly Task[]): readonly Task[] {
  const order: Task[] = [];
  const told = tasks.filter((task) => task.verb === 'reload');
  for (const task of tasks.filter(({ verb }) => verb !== 'reload').reverse()) {
    order.push(task);
    const firstOf = (command: string) =>
      tasks.find((other) => other.verb === 'deliver' && other.place.reload === command)?.n;
    order.push(...told.filter(({ command }) => firstOf(command) === task.n));
  }
  return order;
}

/** Takes back every step that was started, last first. Only before the line. */
export async function takeBack(
  carriage: Carriage,
  as: 'failed' | 'cancelled' | 'undone',
): Promise<ActionResult> {
  const { journal } = carriage;
  const signal = AbortSignal.timeout(UNDO_LIMIT_MS);
  if (journal.view().undoing === null) await journal.add({ t: 'undo', at: now(carriage), as });
  for (const task of undoOrder(journal.view().action.tasks)) {
    const trace = traceOf(journal.view(), task.n);
    if (!trace.started || trace.result.state === 'undone') continue;
    try {
      const events =
        trace.unrecorded?.of === 'undoing'
          ? trace.unrecorded.events
          : await undoStep(task, await contextOf(carriage, true), signal);
      await journal.add({ t: 'taken-back', n: task.n, at: now(carriage), events });
      const recorded = await record(carriage, events, signal);
      await journal.add({ t: 'undone', n: task.n, at: now(carriage), events: recorded });
      await reached(carriage, 'step-undone', task.n);
    } catch (error) {
      const { what, hint } = failureOf(error);
      await journal.add({ t: 'failed', n: task.n, at: now(carriage), what, hint });
      return { ...resultOf(carriage, 'unfinished'), ...loginRefused(task, error) };
    }
  }
  return end(carriage, journal.view().undoing ?? as);
}

/** Records what a person gave up; it can be interrupted, and done again, at any point. */
export async function giveUp(
  carriage: Carriage,
  events: readonly NewEvent[],
  signal: AbortSignal,
): Promise<ActionResult> {
  const { journal } = carriage;
  // What was done, and not recorded when the process died, is recorded first.
  for (const { n } of journal.view().action.tasks) {
    const { unrecorded } = traceOf(journal.view(), n);
    if (unrecorded === null) continue;
    const recorded = await record(carriage, unrecorded.events, signal);
    const t = unrecorded.of === 'acting' ? 'done' : 'undone';
    await journal.add({ t, n, at: now(carriage), events: recorded });
  }
  if (journal.view().givingUp === null) await journal.add({ t: 'give-up', at: now(carriage), events });
  await carriage.observer.reached?.({ at: 'giving-up' }, journal.view().action.plan);
  const recorded = await record(carriage, journal.view().givingUp ?? events, signal);
  await journal.add({ t: 'given-up', at: now(carriage), events: recorded });
  await carriage.observer.reached?.({ at: 'given-up' }, journal.view().action.plan);
  return end(carriage, 'abandoned');
}

async function end(carriage: Carriage, state: ActionState): Promise<ActionResult> {
  await eraseStaged(await contextOf(carriage, true));
  // Neither waits for the other: until both are done, the store finishes its part and `resume` this one.
  await Promise.all([
    carriage.journal.add({ t: 'end', at: now(carriage), state }),
    carriage.services.store.settle(new AbortController().signal),
  ]);
  await carriage.observer.reached?.({ at: 'ended' }, carriage.journal.view().action.plan);
  return resultOf(carriage, state);
}

function nextOf(carriage: Carriage, state: ActionState): string {
  const view = carriage.journal.view();
  const { plan } = view.action;
  const stopped = plan.steps
    .map((step) => ({ step, trace: traceOf(view, step.n) }))
    .find(
      ({ trace }) =>
        trace.result.detail !== undefined && trace.result.state !== 'done' && trace.result.state !== 'undone',
    );
  const where = (step: PlanStep) =>
    `Step ${step.n} (${step.verb}${step.backend === undefined ? '' : ` at ${step.backend}`})`;
  const reason = stopped === undefined ? '' : `${where(stopped.step)}: ${stopped.trace.result.detail} `;
  const failed = plan.steps.find((step) => step.n === view.failure?.n);
  switch (state) {
    case 'done':
      return '';
    case 'failed':
      return `${failed === undefined ? '' : `${where(failed)}: ${view.failure?.detail} `}Everything was taken back.`;
    case 'cancelled':
    case 'undone':
      return 'Everything was taken back.';
    case 'unfinished': {
      const giveUp = isAbandonable(view) ? ', or with `--abandon` to give it up' : '';
      if (view.undoing !== null) {
        const why =
          failed === undefined || view.failure?.detail === stopped?.trace.result.detail
            ? ''
            : `${where(failed)}: ${view.failure?.detail} `;
        return `${why}${reason}Not everything is taken back yet: run \`idac resume ${plan.id}\` for the rest${giveUp}.`;
      }
      const undo = crossedLine(view) ? '' : `, or \`idac resume ${plan.id} --undo\` to take it back`;
      return `${reason}Run \`idac resume ${plan.id}\` to go on${undo}${giveUp}.`;
    }
    case 'refused':
      return reason;
    case 'abandoned': {
      const left = leftBy(view).map(leftStepText);
      return left.length === 0
        ? ''
        : `${view.undoing === null ? 'Not done' : 'Not taken back'}: ${left.join('; ')}.`;
    }
    default:
      return state satisfies never;
  }
}

function resultOf(carriage: Carriage, state: ActionState): ActionResult {
  const view = carriage.journal.view();
  const { plan } = view.action;
  return {
    planId: plan.id,
    verb: plan.verb,
    identity: plan.identity,
    ...(plan.machine === undefined ? {} : { machine: plan.machine }),
    state,
    steps: plan.steps.map((step) => traceOf(view, step.n).result),
    events: view.events,
    next: nextOf(carriage, state),
  };
}
