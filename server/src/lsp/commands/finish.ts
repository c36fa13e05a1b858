import type { ActionResult, Refusal } from '../../app/api.ts';
import { isRefusal } from '../../app/failure.ts';
import { outcomeOf, showOutcome } from '../outcome.ts';
import { withProgress } from '../progress.ts';
import type { OpenedProject } from '../projects.ts';
import type { Outcome } from '../protocol.ts';
import type { CommandCall } from './command.ts';

/** The end of every action: lenses, tree and diagnostics look again, and the person is told. */
export async function finish(
  call: CommandCall,
  opened: OpenedProject | undefined,
  result: ActionResult | Refusal,
): Promise<Outcome> {
  const { session, signal } = call;
  const outcome = await outcomeOf(session, opened, result, signal);
  if (opened !== undefined && !isRefusal(result)) await session.projects.worldChanged(opened);
  showOutcome(session, outcome, () => {
    if (opened === undefined || outcome.resume === null) return;
    const again = { session, args: {}, progressToken: undefined, signal: new AbortController().signal };
    resumeAction(again, opened, outcome.resume.planId, 'forward').catch((error: unknown) =>
      session.client.log(`resume: ${String(error)}`),
    );
  });
  return outcome;
}

/** Finishes or undoes an interrupted action. */
export async function resumeAction(
  call: CommandCall,
  opened: OpenedProject,
  planId: string,
  how: 'forward' | 'undo',
): Promise<Outcome> {
  const result = await withProgress(
    call.session,
    { title: how === 'undo' ? 'Undo' : 'Resume', token: call.progressToken, signal: call.signal },
    ({ observer, signal }) => opened.project.actions.resume(planId, how, observer, signal),
  );
  return finish(call, opened, result);
}
