import type { PlanStep, StepClass } from '../plan.ts';
import type { Task } from '../task.ts';

/** A task without its number, and the words of its step. */
export type DraftTask = (Task extends infer Each ? (Each extends Task ? Omit<Each, 'n'> : never) : never) & {
  readonly class: StepClass;
  readonly keyChanges?: boolean;
  readonly consequence: string;
  /** How the step's target reads, such as a path or a key id. */
  readonly target?: string;
  /** Backend that it acts on, where the task itself names none or names it otherwise. */
  readonly on?: string;
};

function backendOf(draft: DraftTask): string | undefined {
  if (draft.on !== undefined) return draft.on;
  if ('place' in draft) return draft.place.backend;
  return 'backend' in draft ? draft.backend : undefined;
}

export interface NumberedDraft {
  readonly steps: readonly PlanStep[];
  readonly tasks: readonly Task[];
  readonly line: number | null;
}

/** Numbers the tasks, makes the steps that people see, and finds the line: the first step that cannot be taken back. */
export function numbered(drafts: readonly DraftTask[]): NumberedDraft {
  const steps: PlanStep[] = [];
  const tasks: Task[] = [];
  drafts.forEach((draft, index) => {
    const { class: stepClass, keyChanges, consequence, target, on: _on, ...task } = draft;
    const n = index + 1;
    const backend = backendOf(draft);
    tasks.push({ ...task, n } as Task);
    steps.push({
      n,
      verb: draft.verb,
      class: stepClass,
      keyChanges: keyChanges ?? false,
      consequence,
      ...(draft.machine === null ? {} : { machine: draft.machine }),
      ...(backend === undefined ? {} : { backend }),
      ...(target === undefined ? {} : { target }),
      ...(draft.generation === '' ? {} : { generation: draft.generation }),
    });
  });
  return { steps, tasks, line: steps.find((step) => step.class === 'final')?.n ?? null };
}
