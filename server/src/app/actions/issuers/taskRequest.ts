import type { CredentialRequest, RequestOf } from '../../../core/lifecycle/credentialRequest.ts';
import type { TaskOf } from '../../../core/lifecycle/task.ts';
import { StepFailure } from '../steps/step.ts';

const DAMAGED = 'The journal is damaged: undo the action with `idac resume --undo`.';

/** What the task asks for. A journal that says otherwise than the identity's kind was tampered with. */
export function requestOf<K extends CredentialRequest['kind']>(task: TaskOf<'issue'>, kind: K): RequestOf<K> {
  if (task.request.kind === kind) return task.request as RequestOf<K>;
  throw new StepFailure(`The step asks for a ${task.request.kind} where a ${kind} is made.`, DAMAGED);
}

/** How long, in seconds, where the kind has an end. */
export function lifetimeOf({ durationSeconds }: TaskOf<'issue'>): number {
  if (durationSeconds !== null) return durationSeconds;
  throw new StepFailure('The step does not say how long the credential is to be valid.', DAMAGED);
}
