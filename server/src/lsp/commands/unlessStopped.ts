import type { ActionResult, Plan, Refusal } from '../../app/api.ts';
import type { OpenedProject } from '../projects.ts';

/** An action that was stopped before its first step throws; a person reads how it stands all the same. */
export async function unlessStopped(
  opened: OpenedProject,
  { id, verb, identity, machine }: Plan,
  signal: AbortSignal,
  work: () => Promise<ActionResult | Refusal>,
): Promise<ActionResult | Refusal> {
  try {
    return await work();
  } catch (error) {
    if (!signal.aborted) throw error;
    const unfinished = await opened.project.actions.unfinished(new AbortController().signal);
    const left = unfinished.find((each) => each.plan.id === id);
    return {
      planId: id,
      verb,
      identity,
      ...(machine === undefined ? {} : { machine }),
      state: left === undefined ? 'cancelled' : 'unfinished',
      steps: left?.steps ?? [],
      events: [],
      next: left?.next ?? '',
    };
  }
}
