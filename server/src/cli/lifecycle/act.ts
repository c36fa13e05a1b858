/** The way from a selection over plan and consent to the result. A person is asked about one after the other. */

import { inJobs, oneIdentityEach } from '../../app/actions/jobs.ts';
import { refusalByChecks } from '../../app/actions/preflight.ts';
import type { ActionObserver, Plan, Project, Refusal, RevocationReason } from '../../app/api.ts';
import { describeFailure, EXIT, type ExitCode, isRefusal, worstExit } from '../../app/failure.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import {
  type ActionRequest,
  type ActionSubject,
  formatSubject,
  type WritingVerb,
} from '../../core/lifecycle/plan.ts';
import { plural } from '../../core/text/instant.ts';
import type { Surroundings } from '../command.ts';
import { planText } from '../output/planText.ts';
import { preflightText } from '../output/preflightText.ts';
import { BLANK, line, span } from '../output/text.ts';
import { type SelectionRequest, select } from '../selection.ts';
import { whileActing } from '../signals.ts';
import { confirm, consented } from './confirm.ts';
import { exitCodeOf, type Outcome, outcomesJson, printOutcome } from './outcome.ts';
import { progressOfMany, progressOn } from './progress.ts';

export interface ActRequest {
  readonly verb: WritingVerb;
  readonly selection: SelectionRequest;
  readonly reason: RevocationReason | undefined;
  readonly because: string | undefined;
  readonly former: boolean;
  readonly planOnly: boolean;
  readonly yes: boolean;
  /** How many identities are worked on at the same time where nobody is asked. */
  readonly jobs: number;
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
  const asks = !request.yes && !request.planOnly;
  const jobs = asks ? 1 : request.jobs;
  const progress = subjects.length > 1 && jobs > 1 ? progressOfMany(terminal, subjects.length) : undefined;
  const groups = oneIdentityEach(subjects, ({ identity }) => formatIdentity(identity));
  const ended: (readonly Outcome[])[] = [];
  let printed = 0;
  let stopped = false;
  await inJobs(groups.length, jobs, async (n) => {
    const own: Outcome[] = [];
    for (const subject of groups[n] ?? []) {
      if (signal.aborted || stopped) break;
      const watch = progress?.begin() ?? progressOn(terminal);
      const outcome = await actOnOne(project, subject, request, watch, surroundings);
      if (outcome === undefined) break;
      own.push(outcome);
      progress?.end(exitCodeOf(outcome) === EXIT.clean);
      stopped ||= outcome.is === 'refused' && outcome.refusal.code === STOPPED;
    }
    ended[n] = own;
    // In the order in which they were asked for, whoever was the quickest.
    for (let next = ended[printed]; next !== undefined; next = ended[++printed]) {
      if (!request.asJson) for (const outcome of next) printOutcome(outcome, terminal);
    }
    progress?.show();
  });
  const outcomes = ended.flat();
  terminal.status([]);
  const left = subjects.length - outcomes.length;
  if (request.asJson) terminal.data(outcomesJson(outcomes, single, request.planOnly));
  else printEnd(outcomes, left, surroundings);
  return worstExit([...outcomes.map(exitCodeOf), ...(left > 0 ? [EXIT.refused] : [])]);
}

/** Undefined: the person stopped the run before this one was begun. */
async function actOnOne(
  project: Project,
  subject: ActionSubject,
  { verb, reason, because, former, planOnly, yes }: ActRequest,
  observer: ActionObserver,
  surroundings: Surroundings,
): Promise<Outcome | undefined> {
  const { terminal, signal } = surroundings;
  const { actions } = project;
  const request: ActionRequest = {
    verb,
    ...subject,
    ...(reason === undefined ? {} : { reason }),
    ...(because === undefined ? {} : { because }),
    ...(former ? { former } : {}),
  };
  try {
    if (yes && !planOnly) {
      const ended = await whileActing(() => actions.act(request, consented, observer, signal));
      return isRefusal(ended) ? { is: 'refused', refusal: ended } : { is: 'ended', ...ended };
    }
    const plan = await actions.plan(request, signal);
    if (isRefusal(plan)) return { is: 'refused', refusal: plan };
    if (planOnly) return { is: 'planned', plan, preflight: await actions.preflight(plan.id, signal) };
    if (terminal.interactive) {
      const checks = await actions.preflight(plan.id, signal);
      // What is as it should be is shown by --plan; the consent is asked for right below.
      const remarkable = checks.filter(({ outcome }) => outcome === 'failed' || outcome === 'unknown');
      terminal.err([
        ...planText(plan, terminal.columns),
        ...preflightText(remarkable, terminal.columns),
        BLANK,
      ]);
      const refused = refusalByChecks(plan, checks);
      if (refused !== undefined) return { is: 'refused', refusal: refused };
    }
    const confirmation = await confirm(plan, surroundings);
    if (confirmation === 'nobody') return { is: 'refused', refusal: needsConfirmation(plan) };
    if (confirmation === 'stopped') return { is: 'refused', refusal: notConfirmed(plan, STOPPED) };
    if (!confirmation.confirmed)
      return { is: 'refused', refusal: notConfirmed(plan, 'refused/not-confirmed') };
    const result = await whileActing(() =>
      actions.execute(plan.id, plan.hash, confirmation, observer, signal),
    );
    return isRefusal(result) ? { is: 'refused', refusal: result } : { is: 'ended', plan, result };
  } catch (error) {
    // What is thrown, and not a result, comes before the first step.
    if (signal.aborted && ['cancelled', 'backend/interrupted'].includes(describeFailure(error).code))
      return undefined;
    return { is: 'failed', identity: subject.identity, error };
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
