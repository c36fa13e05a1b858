/** Giving up an action that fails for good: when that is possible, what it leaves, and how the record says so. */
import type { LeftStep } from '../../core/lifecycle/event.ts';
import type { StepVerb } from '../../core/lifecycle/plan.ts';
import type { NewEvent } from '../../core/lifecycle/stateStore.ts';
import type { Task } from '../../core/lifecycle/task.ts';
import type { JournalView } from './journal.ts';
import { crossedLine, traceOf } from './journal.ts';
import type { Services } from './services.ts';

/** They look, or tidy up here: nothing anywhere is other without them. */
const LEAVES_NOTHING: readonly StepVerb[] = ['read-request', 'verify', 'erase-staged'];

/**
 * Only once it was tried and did not go: from the line on, or while it is taken back. Before the line it can be taken back,
 * and what only waits will go on by itself.
 */
export function isAbandonable(view: JournalView): boolean {
  if (view.ended !== null || view.givingUp !== null) return false;
  const states = [...view.steps.values()].map(({ result }) => result.state);
  if (view.undoing !== null) return states.includes('failed') && tasksLeft(view).length > 0;
  return crossedLine(view) && (states.includes('failed') || states.includes('unknown'));
}

/** What is not done, or not taken back. */
export function leftBy(view: JournalView): readonly LeftStep[] {
  return tasksLeft(view).map((task) => leftStep(view, task));
}

function tasksLeft(view: JournalView): readonly Task[] {
  return view.action.tasks.filter((task) => {
    if (LEAVES_NOTHING.includes(task.verb)) return false;
    const { started, result, unrecorded } = traceOf(view, task.n);
    if (view.undoing !== null) return started && result.state !== 'undone' && unrecorded?.of !== 'undoing';
    return result.state !== 'done' && unrecorded?.of !== 'acting';
  });
}

function leftStep({ action }: JournalView, { n, verb }: Task): LeftStep {
  const step = action.plan.steps.find((each) => each.n === n);
  return {
    verb,
    what: step?.consequence ?? verb,
    ...(step?.backend === undefined ? {} : { backend: step.backend }),
    ...(step?.target === undefined ? {} : { target: step.target }),
  };
}

/** One event for each generation that something is left of; what is about none of them stands with the first. */
export function eventsOfAbandoning(
  view: JournalView,
  { newId, clock, actor }: Pick<Services, 'newId' | 'clock' | 'actor'>,
  because: string | undefined,
): readonly NewEvent[] {
  const { id: planId, identity, verb } = view.action.plan;
  const left = tasksLeft(view);
  const fallback = [...left, ...view.action.tasks].find(({ generation }) => generation !== '');
  const groups = new Map<string, Task[]>();
  for (const task of left) {
    const generation = task.generation || (fallback?.generation ?? '');
    groups.set(generation, [...(groups.get(generation) ?? []), task]);
  }
  return [...groups].flatMap(([generation, tasks]): readonly NewEvent[] => {
    const machine = view.action.tasks.find((task) => task.generation === generation)?.machine ?? null;
    const base = () => ({
      schemaVersion: 1 as const,
      id: newId(),
      at: clock.now().toISOString(),
      identity,
      generation,
      ...(machine === null ? {} : { machine }),
      actor,
      ...(because === undefined ? {} : { because }),
      planId,
    });
    const abandoned: NewEvent = {
      ...base(),
      type: 'abandoned',
      verb,
      undoing: view.undoing !== null,
      left: tasks.map((task) => leftStep(view, task)),
    };
    if (view.undoing === null || !isUnused(view, generation, tasks)) return [abandoned];
    return [
      abandoned,
      { ...base(), type: 'forgotten', why: 'the action that made it was given up while it was taken back' },
    ];
  });
}

/** It was made, and every delivery of it was taken back, so nobody has it: it is not the one in use. */
function isUnused(view: JournalView, generation: string, left: readonly Task[]): boolean {
  return (
    view.events.some((event) => event.type === 'issued' && event.generation === generation) &&
    !left.some(({ verb }) => verb === 'deliver')
  );
}
