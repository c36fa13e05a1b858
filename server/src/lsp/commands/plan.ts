import type { ActionRequest, Plan, Refusal } from '../../app/api.ts';
import { isRefusal } from '../../app/failure.ts';
import { sameIdentity } from '../../core/identity/identityId.ts';
import type { CheckedPlan } from '../protocol.ts';
import { optionalText, reasonOf, subjectOf, verbOf } from './arguments.ts';
import { type Command, type CommandCall, projectOf, refusedUntrusted } from './command.ts';

/** The dry run: changes nothing. */
export const plan: Command = {
  name: 'idac.plan',
  async run(call): Promise<CheckedPlan | Refusal> {
    const made = await makePlan(call);
    return isRefusal(made) ? made : checked(call, made);
  },
};

/** With what was looked at before. Of a plan that was carried out or replaced nothing is told. */
export async function checked({ session, signal }: CommandCall, made: Plan): Promise<CheckedPlan> {
  const opened = session.plans.get(made.id)?.opened;
  return { ...made, preflight: (await opened?.project.actions.preflight(made.id, signal)) ?? [] };
}

export async function makePlan(call: CommandCall): Promise<Plan | Refusal> {
  const { session, args, signal } = call;
  const reason = reasonOf(args);
  const because = optionalText(args, 'because');
  const request: ActionRequest = {
    verb: verbOf(args),
    ...subjectOf(args),
    ...(reason === undefined ? {} : { reason }),
    ...(because === undefined ? {} : { because }),
  };
  const refused = refusedUntrusted(session);
  if (refused !== undefined) return refused;
  const opened = await projectOf(call);
  const made = await opened.project.actions.plan(request, signal);
  if (isRefusal(made)) return made;
  for (const [id, older] of session.plans) {
    if (older.opened === opened && sameIdentity(older.plan.identity, made.identity)) session.plans.delete(id);
  }
  session.plans.set(made.id, { plan: made, opened });
  return made;
}
