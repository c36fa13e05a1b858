import type { ActionRequest, Refusal } from '../../app/api.ts';
import { isRefusal } from '../../app/failure.ts';
import { formatIdentity, sameIdentity } from '../../core/identity/identityId.ts';
import { planBasis } from '../planBasis.ts';
import type { CheckedPlan } from '../protocol.ts';
import type { PlannedAction } from '../session.ts';
import { formerOf, optionalText, reasonOf, subjectOf, verbOf } from './arguments.ts';
import { type Command, type CommandCall, projectOf, refusedUntrusted } from './command.ts';

/** The dry run: changes nothing. */
export const plan: Command = {
  name: 'idac.plan',
  async run(call): Promise<CheckedPlan | Refusal> {
    const made = await makePlan(call);
    return isRefusal(made) ? made : checked(made, call.signal);
  },
};

/** With what was looked at before. */
export async function checked(
  { plan: made, opened, again }: PlannedAction,
  signal: AbortSignal,
): Promise<CheckedPlan> {
  return { ...made, preflight: await opened.project.actions.preflight(made.id, signal), again };
}

export async function makePlan(call: CommandCall): Promise<PlannedAction | Refusal> {
  const { session, args, signal } = call;
  const reason = reasonOf(args);
  const because = optionalText(args, 'because');
  const more = {
    ...(reason === undefined ? {} : { reason }),
    ...(because === undefined ? {} : { because }),
    ...(formerOf(args) ? { former: true as const } : {}),
  };
  const request: ActionRequest = { verb: verbOf(args), ...subjectOf(args), ...more };
  const refused = refusedUntrusted(session);
  if (refused !== undefined) return refused;
  const opened = await projectOf(call);
  // Read before the world is: what changes meanwhile makes it outdated.
  const basis = await planBasis(opened, request.identity, signal);
  const made = await opened.project.actions.plan(request, signal);
  if (isRefusal(made)) return made;
  for (const [id, older] of session.plans) {
    if (older.opened === opened && sameIdentity(older.plan.identity, made.identity)) session.plans.delete(id);
  }
  const { verb, machine } = request;
  const again = {
    verb,
    identity: formatIdentity(request.identity),
    ...(machine === undefined ? {} : { machine }),
    ...more,
    uri: opened.uri,
  };
  const planned = { plan: made, opened, again, basis };
  session.plans.set(made.id, planned);
  return planned;
}
