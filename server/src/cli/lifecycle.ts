/** The verbs that write. Each is a row: words and options; the way from selection over plan and consent to result is one. */
import type { ActionResult, Plan, Project, Refusal, RevocationReason } from '../app/api.ts';
import {
  describeFailure,
  describeRefusal,
  EXIT,
  type ExitCode,
  exitCodeOfAction,
  isRefusal,
  UsageError,
  worstExit,
} from '../app/failure.ts';
import { formatIdentity, type IdentityId } from '../core/identity/identityId.ts';
import { REVOCATION_REASONS } from '../core/lifecycle/event.ts';
import type { WritingVerb } from '../core/lifecycle/plan.ts';
import { type Command, command, type Operands, type Options, type Surroundings } from './command.ts';
import { confirm } from './confirm.ts';
import { failureLines } from './output/failureText.ts';
import { plural } from './output/instant.ts';
import { json } from './output/json.ts';
import { planText } from './output/planText.ts';
import { resultText } from './output/resultText.ts';
import { BLANK, line, paragraph, span } from './output/text.ts';
import { progressOn } from './progress.ts';
import { type Selection, select } from './selection.ts';
import { NOW_REFUSED, PASSPHRASE_FILE, ROOT, SELECTOR, TEXT_OR_JSON } from './sharedOptions.ts';
import { withProject } from './withProject.ts';

export interface LifecycleRow {
  readonly verb: WritingVerb;
  readonly summary: string;
  readonly details: string;
  readonly examples: readonly string[];
  /** `--due`: what is due, without naming it. */
  readonly takesDue: boolean;
  /** `--reason`: a reason of RFC 5280, 5.3.1. */
  readonly takesReason: boolean;
}

export const IDENTITY_OPERANDS: Operands = {
  usage: 'KIND/[NAMESPACE/]NAME… | Machine/NAME',
  minimum: 0,
  maximum: Number.POSITIVE_INFINITY,
};

const DUE = {
  due: { type: 'flag', describe: 'only what is due by its own dates and not expected to renew itself' },
} as const satisfies Options;

const REASON = {
  reason: {
    type: 'value',
    value: 'REASON',
    choices: REVOCATION_REASONS,
    describe: `why, for the revocation list: ${REVOCATION_REASONS.join(', ')}`,
  },
} as const satisfies Options;

const COMMON = {
  ...SELECTOR,
  plan: { type: 'flag', describe: 'print what would happen and change nothing' },
  yes: { type: 'flag', short: 'y', describe: 'do not ask; needed where no person is at a terminal' },
  because: { type: 'value', value: 'TEXT', describe: 'why you do it, for the record' },
  ...TEXT_OR_JSON,
  ...PASSPHRASE_FILE,
  ...ROOT,
} as const satisfies Options;

interface Request {
  readonly due: boolean;
  readonly reason: RevocationReason | undefined;
  readonly because: string | undefined;
  readonly selector: string | undefined;
  readonly planOnly: boolean;
  readonly yes: boolean;
  readonly asJson: boolean;
}

export function lifecycleCommand(row: LifecycleRow): Command {
  const { verb, summary, details, examples } = row;
  return command({
    name: verb,
    summary,
    details,
    examples,
    operands: IDENTITY_OPERANDS,
    refused: NOW_REFUSED,
    options: { ...(row.takesDue ? DUE : {}), ...(row.takesReason ? REASON : {}), ...COMMON },
    run: (invocation) =>
      withProject(invocation, { unlocks: true }, (project) =>
        act(verb, project, invocation.operands, requestOf(invocation.options), invocation),
      ),
  });
}

function requestOf(options: {
  readonly due?: boolean | undefined;
  readonly reason?: RevocationReason | undefined;
  readonly because: string | undefined;
  readonly selector: string | undefined;
  readonly plan: boolean;
  readonly yes: boolean;
  readonly format: 'text' | 'json';
}): Request {
  if (options.plan && options.yes) {
    throw new UsageError(
      '--plan and --yes exclude each other',
      '--plan changes nothing; --yes acts without asking.',
    );
  }
  return {
    due: options.due ?? false,
    reason: options.reason,
    because: options.because,
    selector: options.selector,
    planOnly: options.plan,
    yes: options.yes,
    asJson: options.format === 'json',
  };
}

async function act(
  verb: WritingVerb,
  project: Project,
  operands: readonly string[],
  request: Request,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { terminal, signal } = surroundings;
  const selection = await select(project, { operands, selector: request.selector, due: request.due }, signal);
  for (const note of selection.notes)
    terminal.err(paragraph(line(span('note', 'warning'), '  '), note, terminal.columns));
  const planOf = (identity: IdentityId) =>
    project.actions.plan(
      {
        verb,
        identity,
        ...(request.reason === undefined ? {} : { reason: request.reason }),
        ...(request.because === undefined ? {} : { because: request.because }),
      },
      signal,
    );
  if (request.planOnly)
    return printPlans(await inTurn(selection.identities, planOf), selection, request, surroundings);

  const outcomes: Outcome[] = [];
  for (const identity of selection.identities) {
    if (signal.aborted) break;
    const outcome = await actOnOne(project, identity, planOf, request, surroundings);
    outcomes.push(outcome);
    if (!request.asJson) printOutcome(outcome, surroundings);
  }
  if (request.asJson) terminal.data(outcomesJson(outcomes, selection));
  else printEnd(outcomes, selection, surroundings);
  const left = selection.identities.length - outcomes.length;
  return worstExit([...outcomes.map(exitOfOutcome), ...(left > 0 ? [EXIT.refused] : [])]);
}

function printEnd(outcomes: readonly Outcome[], selection: Selection, { terminal }: Surroundings): void {
  const left = selection.identities.length - outcomes.length;
  const recorded = outcomes.some((each) => 'result' in each && each.result.events.length > 0);
  if (selection.identities.length === 0) terminal.err([line(span('Nothing is due.', 'good'))]);
  if (left > 0)
    terminal.err([
      line(span(`Stopped; ${plural(left, 'identity', 'identities')} left as before.`, 'warning')),
    ]);
  if (recorded) {
    terminal.err([
      BLANK,
      line('  ', span('next', 'accent'), '  Commit .identity/records together with the manifests.'),
    ]);
  }
}

type Outcome =
  | { readonly plan: Plan; readonly result: ActionResult }
  | { readonly refusal: Refusal }
  | { readonly identity: IdentityId; readonly error: unknown };

/** Plan, consent, execution. What one backend throws does not keep the next identity from its turn. */
async function actOnOne(
  project: Project,
  identity: IdentityId,
  planOf: (identity: IdentityId) => Promise<Plan | Refusal>,
  request: Request,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { terminal, signal } = surroundings;
  try {
    const plan = await planOf(identity);
    if (isRefusal(plan)) return { refusal: plan };
    if (terminal.interactive) terminal.err([...planText(plan, terminal.columns), BLANK]);
    const confirmation = await confirm(plan, request.yes, surroundings);
    if (confirmation === undefined) return { refusal: needsConfirmation(plan) };
    if (!confirmation.confirmed) return { refusal: notConfirmed(plan) };
    const result = await project.actions.execute(
      plan.id,
      plan.hash,
      confirmation,
      progressOn(terminal),
      signal,
    );
    return isRefusal(result) ? { refusal: result } : { plan, result };
  } catch (error) {
    return { identity, error };
  } finally {
    terminal.status([]);
  }
}

function needsConfirmation(plan: Plan): Refusal {
  const { commandLine } = plan.confirmation;
  return {
    refused: true,
    code: 'refused/needs-confirmation',
    what: `${plan.verb} ${formatIdentity(plan.identity)} needs a person's consent, and no person is at a terminal.`,
    hint: `Look at it with --plan, then run \`${commandLine.includes(' --yes') ? commandLine : `${commandLine} --yes`}\`.`,
    identity: plan.identity,
  };
}

function notConfirmed(plan: Plan): Refusal {
  return {
    refused: true,
    code: 'refused/not-confirmed',
    what: `${plan.verb} ${formatIdentity(plan.identity)} was not confirmed. Nothing was changed.`,
    hint: '',
    identity: plan.identity,
  };
}

function printOutcome(outcome: Outcome, { terminal }: Surroundings): void {
  if ('result' in outcome) terminal.out(resultText(outcome.result, outcome.plan, terminal));
  else if ('refusal' in outcome)
    terminal.err(failureLines(describeRefusal(outcome.refusal), terminal.columns));
  else terminal.err(failureLines(describeFailure(outcome.error), terminal.columns));
}

function exitOfOutcome(outcome: Outcome): ExitCode {
  if ('result' in outcome) return exitCodeOfAction(outcome.result.state);
  if ('refusal' in outcome) return describeRefusal(outcome.refusal).exitCode;
  return describeFailure(outcome.error).exitCode;
}

function printPlans(
  plans: readonly (Plan | Refusal)[],
  selection: Selection,
  request: Request,
  { terminal }: Surroundings,
): ExitCode {
  if (request.asJson) {
    const [only] = plans;
    terminal.data(
      selection.single && only !== undefined
        ? json({ ...only })
        : json({ plans: plans.filter((each) => !isRefusal(each)), refused: plans.filter(isRefusal) }),
    );
  } else {
    plans.forEach((plan, index) => {
      if (isRefusal(plan)) terminal.err(failureLines(describeRefusal(plan), terminal.columns));
      else terminal.out([...(index === 0 ? [] : [BLANK]), ...planText(plan, terminal.columns)]);
    });
    if (plans.length === 0) terminal.err([line(span('Nothing is due.', 'good'))]);
  }
  return plans.some(isRefusal) ? EXIT.refused : EXIT.clean;
}

function outcomesJson(outcomes: readonly Outcome[], selection: Selection): string {
  const [only] = outcomes;
  if (selection.single && only !== undefined) return json({ ...outcomeJson(only) });
  return json({
    results: outcomes.filter((each) => 'result' in each).map((each) => each.result),
    refused: outcomes.filter((each) => 'refusal' in each).map((each) => each.refusal),
    failed: outcomes.filter((each) => 'error' in each).map(outcomeJson),
  });
}

function outcomeJson(outcome: Outcome): object {
  if ('result' in outcome) return outcome.result;
  if ('refusal' in outcome) return outcome.refusal;
  const { code, what, hint, retryable } = describeFailure(outcome.error);
  return { failed: true, code, what, hint, retryable, identity: outcome.identity };
}

async function inTurn<In, Out>(
  inputs: readonly In[],
  work: (input: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const outputs: Out[] = [];
  for (const input of inputs) outputs.push(await work(input));
  return outputs;
}
