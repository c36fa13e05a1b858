import type { NewEvent } from '../../../core/lifecycle/stateStore.ts';
import type { Task } from '../../../core/lifecycle/task.ts';
import { deliver } from './deliver.ts';
import { issue } from './issue.ts';
import { makeKey } from './makeKey.ts';
import { putBack } from './putBack.ts';
import { readRequest } from './readRequest.ts';
import { reload } from './reload.ts';
import { destroyCopy, destroyKey, eraseStagedStep, publish, revoke, supersede } from './retire.ts';
import type { Step, StepContext, StepRun } from './step.ts';
import { verify } from './verify.ts';

const STEPS: { readonly [V in Task['verb']]: Step<V> } = {
  'make-key': makeKey,
  'read-request': readRequest,
  issue,
  deliver,
  reload,
  'put-back': putBack,
  verify,
  supersede,
  revoke,
  publish,
  'destroy-copy': destroyCopy,
  'destroy-key': destroyKey,
  'erase-staged': eraseStagedStep,
};

export function runStep(task: Task, context: StepContext, signal: AbortSignal): Promise<StepRun> {
  return (STEPS[task.verb] as Step<Task['verb']>).run(task, context, signal);
}

/** The events that taking the step back leaves; none for a step that has nothing to take back. */
export async function undoStep(
  task: Task,
  context: StepContext,
  signal: AbortSignal,
): Promise<readonly NewEvent[]> {
  return (await (STEPS[task.verb] as Step<Task['verb']>).undo?.(task, context, signal)) ?? [];
}
