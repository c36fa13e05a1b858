/** How one identity's turn ended, as an exit code, as JSON and as text. */
import type { ActionResult, Plan, PreflightCheck, PreviewedPlan, Refusal } from '../../app/api.ts';
import {
  describeFailure,
  describeRefusal,
  EXIT,
  type ExitCode,
  exitCodeOfAction,
} from '../../app/failure.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import { failureLines } from '../output/failureText.ts';
import { json } from '../output/json.ts';
import { planText } from '../output/planText.ts';
import { preflightText } from '../output/preflightText.ts';
import { resultText } from '../output/resultText.ts';
import { BLANK } from '../output/text.ts';
import type { Terminal } from '../terminal.ts';

export type Outcome =
  | { readonly is: 'planned'; readonly plan: PreviewedPlan; readonly preflight: readonly PreflightCheck[] }
  | { readonly is: 'ended'; readonly plan: Plan; readonly result: ActionResult }
  | { readonly is: 'refused'; readonly refusal: Refusal }
  | { readonly is: 'failed'; readonly identity: IdentityId; readonly error: unknown };

export function exitCodeOf(outcome: Outcome): ExitCode {
  switch (outcome.is) {
    case 'planned':
      return outcome.preflight.some((check) => check.outcome === 'failed') ? EXIT.refused : EXIT.clean;
    case 'ended':
      return exitCodeOfAction(outcome.result.state);
    case 'refused':
      return describeRefusal(outcome.refusal).exitCode;
    case 'failed':
      return describeFailure(outcome.error).exitCode;
    default:
      return outcome satisfies never;
  }
}

export function printOutcome(outcome: Outcome, terminal: Terminal): void {
  switch (outcome.is) {
    case 'planned':
      terminal.out([
        ...planText(outcome.plan, terminal.columns),
        ...preflightText(outcome.preflight, terminal.columns),
        BLANK,
      ]);
      break;
    case 'ended':
      terminal.out(resultText(outcome.result, outcome.plan, terminal));
      break;
    case 'refused':
      terminal.err(failureLines(describeRefusal(outcome.refusal), terminal.columns));
      break;
    case 'failed':
      terminal.err(failureLines(describeFailure(outcome.error), terminal.columns));
      break;
    default:
      outcome satisfies never;
  }
}

/** One identity that was asked for by name answers for itself; any other selection answers with lists. */
export function outcomesJson(outcomes: readonly Outcome[], single: boolean, planOnly: boolean): string {
  const [only] = outcomes;
  if (single && only !== undefined) return json({ ...outcomeJson(only) });
  const those = (is: Outcome['is']) => outcomes.filter((each) => each.is === is).map(outcomeJson);
  return json({
    ...(planOnly ? { plans: those('planned') } : { results: those('ended') }),
    refused: those('refused'),
    failed: those('failed'),
  });
}

function outcomeJson(outcome: Outcome): object {
  switch (outcome.is) {
    case 'planned':
      return { ...outcome.plan, preflight: outcome.preflight };
    case 'ended':
      return outcome.result;
    case 'refused':
      return outcome.refusal;
    case 'failed': {
      const { code, what, hint, retryable } = describeFailure(outcome.error);
      return { failed: true, code, what, hint, retryable, identity: outcome.identity };
    }
    default:
      return outcome satisfies never;
  }
}
