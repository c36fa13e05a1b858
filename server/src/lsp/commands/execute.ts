import { refusalByChecks } from '../../app/actions/preflight.ts';
import type { Plan, Refusal } from '../../app/api.ts';
import { describeFailure, isRefusal } from '../../app/failure.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import { formatSubject } from '../../core/lifecycle/plan.ts';
import { confirm } from '../confirm.ts';
import { withProgress } from '../progress.ts';
import type { Outcome } from '../protocol.ts';
import type { PlannedAction } from '../session.ts';
import { LOGIN_REFUSED } from '../signInOffer.ts';
import { verbTitle } from '../words.ts';
import { identityOf, text } from './arguments.ts';
import { type Command, type CommandCall, projectOf, refusedUntrusted } from './command.ts';
import { finish } from './finish.ts';
import { checked, makePlan } from './plan.ts';
import { unlessStopped } from './unlessStopped.ts';

/** Second phase: the plan that was shown, and no other. The person is asked, whoever calls. */
export const execute: Command = {
  name: 'idac.execute',
  async run(call) {
    const planId = text(call.args, 'planId');
    const hash = text(call.args, 'hash');
    const planned = call.session.plans.get(planId);
    const refused =
      refusedUntrusted(call.session) ??
      (planned === undefined
        ? unknownPlan(planId)
        : planned.plan.hash === hash
          ? undefined
          : otherHash(planned.plan));
    if (refused !== undefined || planned === undefined)
      return finish(call, planned?.opened, refused ?? unknownPlan(planId));
    return confirmAndExecute(call, planned);
  },
};

/** Both phases with the confirmation between them: what a lens does in any editor. */
export const run: Command = {
  name: 'idac.run',
  async run(call) {
    const made = await makePlan(call).catch((error: unknown) => loginRefused(identityOf(call.args), error));
    // Refused for want of trust, nothing of the folder is opened.
    if (isRefusal(made))
      return finish(call, call.session.trusted() ? await projectOf(call) : undefined, made);
    return confirmAndExecute(call, made);
  },
};

async function confirmAndExecute(call: CommandCall, planned: PlannedAction): Promise<Outcome> {
  const { session } = call;
  const { plan, opened } = planned;
  const shown = await checked(planned, call.signal);
  const against = refusalByChecks(plan, shown.preflight);
  if (against !== undefined) return finish(call, opened, against);
  const confirmation = await confirm(session, shown, call.signal);
  if (isRefusal(confirmation)) return finish(call, opened, confirmation);
  // A plan is for one execution.
  session.plans.delete(plan.id);
  const result = await withProgress(
    session,
    {
      title: `${verbTitle(plan.verb)} ${formatSubject(plan)}`,
      token: call.progressToken,
      signal: call.signal,
    },
    ({ observer, signal }) =>
      unlessStopped(opened, plan, signal, () =>
        opened.project.actions.execute(plan.id, plan.hash, confirmation, observer, signal),
      ),
  ).catch((error: unknown) => loginRefused(plan.identity, error));
  return finish(call, opened, result);
}

/** What a backend does not let us read without a login is no error of the caller: the person can sign in. */
function loginRefused(identity: IdentityId, error: unknown): Refusal {
  const { code, what, hint } = describeFailure(error);
  if (code !== LOGIN_REFUSED) throw error;
  return { refused: true, code, what, hint, identity };
}

function unknownPlan(planId: string): Refusal {
  return {
    refused: true,
    code: 'refused/unknown-plan',
    what: `There is no plan ${planId}: it was executed, or another one was made since.`,
    hint: 'Make a new plan and look at it.',
  };
}

function otherHash({ id, identity }: Plan): Refusal {
  return {
    refused: true,
    code: 'refused/plan-changed',
    what: `This is not the hash of plan ${id}.`,
    hint: 'Make a new plan and look at it.',
    identity,
  };
}
