/** Asks the person before a plan is executed. The server trusts no caller: it asks itself, also when the right hash came along. */
import type { Confirmation, Plan, Refusal } from '../app/api.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import { formatSubject } from '../core/lifecycle/plan.ts';
import { type CheckedPlan, type ConfirmParams, ConfirmRequest } from './protocol.ts';
import type { Session } from './session.ts';
import { verbTitle } from './words.ts';

export async function confirm(
  session: Session,
  plan: CheckedPlan,
  signal: AbortSignal,
): Promise<Confirmation | Refusal> {
  if (session.client.confirms) return askClient(session, plan, signal);
  if (endsCredential(plan)) return cannotAsk(plan);
  const yes = verbTitle(plan.verb);
  const question = [plan.summary, plan.confirmation.consequence, ...plan.warnings].join('\n');
  const chosen = await session.client
    .choose('warning', question, [yes, 'Cancel'], signal)
    .catch((error: unknown) => {
      signal.throwIfAborted();
      session.client.log(`window/showMessageRequest: ${String(error)}`);
      return undefined;
    });
  return chosen === yes ? { confirmed: true } : notConfirmed(plan);
}

async function askClient(
  session: Session,
  plan: CheckedPlan,
  signal: AbortSignal,
): Promise<Confirmation | Refusal> {
  const { mode, name, consequence } = plan.confirmation;
  const question: ConfirmParams = {
    plan,
    title: `${verbTitle(plan.verb)} ${formatSubject(plan)}?`,
    identity: formatIdentity(plan.identity),
    backend: plan.steps.find((step) => step.backend !== undefined)?.backend ?? null,
    consequence,
    ...(mode === 'typed' ? { typedName: name } : {}),
  };
  const answer: unknown = await session.client
    .ask(ConfirmRequest, question, signal)
    .catch((error: unknown) => {
      signal.throwIfAborted();
      session.client.log(`identity/confirm: ${String(error)}`);
    });
  if (typeof answer !== 'object' || answer === null) return notConfirmed(plan);
  const { confirmed, typed } = answer as Readonly<Record<string, unknown>>;
  if (confirmed !== true) return notConfirmed(plan);
  return typeof typed === 'string' ? { confirmed, typed } : { confirmed };
}

/** After these an identity may be without a valid credential. */
function endsCredential(plan: Plan): boolean {
  return plan.confirmation.mode === 'typed' || plan.verb === 'revoke' || plan.verb === 'destroy';
}

function notConfirmed(plan: Plan): Refusal {
  return {
    refused: true,
    code: 'refused/not-confirmed',
    what: `${verbTitle(plan.verb)} was not confirmed. Nothing was changed.`,
    hint: '',
    identity: plan.identity,
  };
}

function cannotAsk(plan: Plan): Refusal {
  return {
    refused: true,
    code: 'refused/needs-confirmation',
    what: `${verbTitle(plan.verb)} needs its name typed, which this editor cannot ask for. Nothing was changed.`,
    hint: `In a terminal: ${plan.confirmation.commandLine}`,
    identity: plan.identity,
  };
}
