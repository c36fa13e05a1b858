/** The way from a selection over plan and consent to the result, one identity after the other. */

import type { Plan, Project, Refusal, RevocationReason } from '../../app/api.ts';
import { EXIT, type ExitCode, isRefusal, worstExit } from '../../app/failure.ts';
import { type ActionSubject, formatSubject, type WritingVerb } from '../../core/lifecycle/plan.ts';
import { plural } from '../../core/text/instant.ts';
import type { Surroundings } from '../command.ts';
import { planText } from '../output/planText.ts';
import { BLANK, line, span } from '../output/text.ts';
import { type SelectionRequest, select } from '../selection.ts';
import { whileActing } from '../signals.ts';
import { confirm } from './confirm.ts';
import { exitCodeOf, type Outcome, outcomesJson, printOutcome } from './outcome.ts';
import { progressOn } from './progress.ts';

export interface ActRequest {
  readonly verb: WritingVerb;
  readonly selection: SelectionRequest;
  readonly reason: RevocationReason | undefined;
  readonly because: string | undefined;
  readonly planOnly: boolean;
  readonly yes: boolean;
  readonly asJson: boolean;
}

/** The person ended the command at a question: those that come after have no turn. */
const STOPPED = 'refused/stopped';

/** One that is refused or fails does not keep the others from their turn. */
export async function act(
  project: Project,
  request: ActRequest,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { terminal, signal } = surroundings;
  const { subjects, single } = await select(project, request.selection, signal);
  const outcomes: Outcome[] = [];
  for (const subject of subjects) {
    if (signal.aborted) break;
    const outcome = await actOnOne(project, subject, request, surroundings);
    outcomes.push(outcome);
    if (!request.asJson) printOutcome(outcome, terminal);
    if (outcome.is === 'refused' && outcome.refusal.code === STOPPED) break;
  }
  const left = subjects.length - outcomes.length;
  if (request.asJson) terminal.data(outcomesJson(outcomes, single, request.planOnly));
  else printEnd(outcomes, left, surroundings);
  return worstExit([...outcomes.map(exitCodeOf), ...(left > 0 ? [EXIT.refused] : [])]);
}

async function actOnOne(
  project: Project,
  subject: ActionSubject,
  { verb, reason, because, planOnly, yes }: ActRequest,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { terminal, signal } = surroundings;
  try {
    const plan = await project.actions.plan(
      {
        verb,
        ...subject,
        ...(reason === undefined ? {} : { reason }),
        ...(because === undefined ? {} : { because }),
      },
      signal,
    );
    if (isRefusal(plan)) return { is: 'refused', refusal: plan };
    if (planOnly) return { is: 'planned', plan };
    if (terminal.interactive) terminal.err([...planText(plan, terminal.columns), BLANK]);
    const confirmation = await confirm(plan, yes, surroundings);
    if (confirmation === 'nobody') return { is: 'refused', refusal: needsConfirmation(plan) };
    if (confirmation === 'stopped') return { is: 'refused', refusal: notConfirmed(plan, STOPPED) };
    if (!confirmation.confirmed)
      return { is: 'refused', refusal: notConfirmed(plan, 'refused/not-confirmed') };
    const result = await whileActing(() =>
      project.actions.execute(plan.id, plan.hash, confirmation, progressOn(terminal), signal),
    );
    return isRefusal(result) ? { is: 'refused', refusal: result } : { is: 'ended', plan, result };
  } catch (error) {
    return { is: 'failed', identity: subject.identity, error };
  } finally {
    terminal.status([]);
  }
}

function needsConfirmation(plan: Plan): Refusal {
  const { commandLine } = plan.confirmation;
  return {
    refused: true,
    code: 'refused/needs-confirmation',
    what: `${plan.verb} ${formatSubject(plan)} needs a person's consent, and no person is at a terminal.`,
    hint: `Look at it with --plan, then run \`${commandLine.includes(' --yes') ? commandLine : `${commandLine} --yes`}\`.`,
    identity: plan.identity,
  };
}

function notConfirmed(plan: Plan, code: string): Refusal {
  return {
    refused: true,
    code,
    what: `${plan.verb} ${formatSubject(plan)} was not confirmed. Nothing was changed.`,
    hint: '',
    identity: plan.identity,
  };
}

/** `left`: how many had no turn because the person stopped. */
function printEnd(outcomes: readonly Outcome[], left: number, { terminal }: Surroundings): void {
  if (left > 0) {
    terminal.err([
      line(span(`Stopped; ${plural(left, 'identity', 'identities')} left as before.`, 'warning')),
    ]);
  } else if (outcomes.length === 0) {
    terminal.err([line(span('Nothing is due.', 'good'))]);
  }
  if (outcomes.some((each) => each.is === 'ended' && each.result.events.length > 0)) {
    terminal.err([
      BLANK,
      line('  ', span('next', 'accent'), '  Commit .identity/records together with the manifests.'),
    ]);
  }
}
