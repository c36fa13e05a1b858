import { DEFAULT_JOBS, inJobs } from '../../app/actions/jobs.ts';
import type { ActionResult, Refusal } from '../../app/api.ts';
import { describeFailure } from '../../app/failure.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { plural } from '../../core/text/instant.ts';
import { showOutcome } from '../outcome.ts';
import { withProgress } from '../progress.ts';
import type { OpenedProject } from '../projects.ts';
import type { OutcomeOfAll } from '../protocol.ts';
import { type EndedPart, outcomeOfAll } from '../several/outcomeOfAll.ts';
import { type CommandCall, projectOf } from './command.ts';

/** The end of several actions: lenses, tree and diagnostics look again once, and the person is told once. */
export async function finishAll(
  call: CommandCall,
  done: { readonly title: string; readonly aim: 'done' | 'undone' },
  ended: readonly EndedPart[],
): Promise<OutcomeOfAll> {
  const { session, signal } = call;
  const outcome = await outcomeOfAll(session, done, ended, signal);
  for (const opened of new Set(ended.map((part) => part.opened))) await session.projects.worldChanged(opened);
  showOutcome(session, outcome, () => {
    if (outcome.resume === null) return;
    const again = { session, args: {}, progressToken: undefined, signal: new AbortController().signal };
    resumeActions(again, outcome.resume.actions, 'forward').catch((error: unknown) =>
      session.client.log(`resume: ${String(error)}`),
    );
  });
  return outcome;
}

export interface Interrupted {
  readonly planId: string;
  readonly uri: string;
}

/** Finishes or undoes several interrupted actions, with one progress and one answer. */
export async function resumeActions(
  call: CommandCall,
  interrupted: readonly Interrupted[],
  how: 'forward' | 'undo',
): Promise<OutcomeOfAll> {
  const { session } = call;
  const title = how === 'undo' ? 'Undo' : 'Resume';
  const each = await Promise.all(
    interrupted.map(async ({ planId, uri }) => ({
      planId,
      opened: await projectOf({ session, args: { uri } }),
    })),
  );
  const ended: EndedPart[] = [];
  await withProgress(
    session,
    { title: `${title} ${plural(each.length, 'action')}`, token: call.progressToken, signal: call.signal },
    async ({ signal, report }) => {
      const names = await namesOf(each.map(({ opened }) => opened));
      let done = 0;
      await inJobs(each.length, DEFAULT_JOBS, async (n) => {
        const action = each[n];
        if (action === undefined) return;
        const { planId, opened } = action;
        const subject = names.get(planId) ?? `action ${planId}`;
        report(`${done} of ${each.length} · ${subject}`, done / each.length);
        const result = signal.aborted ? 'left' : await resumeOne(opened, planId, how, signal);
        ended[n] = { subject, opened, result };
        done += 1;
      });
    },
  );
  return finishAll(call, { title, aim: how === 'undo' ? 'undone' : 'done' }, ended);
}

/** What each unfinished action is about, by its plan. */
async function namesOf(projects: readonly OpenedProject[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const { project } of new Set(projects))
    for (const { plan } of await project.actions.unfinished(new AbortController().signal))
      names.set(plan.id, formatSubject(plan));
  return names;
}

async function resumeOne(
  { project }: OpenedProject,
  planId: string,
  how: 'forward' | 'undo',
  signal: AbortSignal,
): Promise<ActionResult | Refusal | 'left'> {
  try {
    return await project.actions.resume(planId, how, {}, signal);
  } catch (error) {
    // Stopped before it went on: it stands as it did.
    if (signal.aborted) return 'left';
    const { code, what, hint } = describeFailure(error);
    return { refused: true, code, what, hint };
  }
}
