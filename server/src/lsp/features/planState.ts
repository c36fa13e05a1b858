import { readArguments, text } from '../commands/arguments.ts';
import { changedSince, planBasis } from '../planBasis.ts';
import { type PlanState, PlanStateRequest } from '../protocol.ts';
import { type Feature, onRequest } from '../table.ts';

/** Whether a plan that is shown is still of now: asked when something changed, answered without contacting anybody. */
export const planState: Feature = {
  rows: [
    onRequest(PlanStateRequest, async (params, { session, signal }): Promise<PlanState> => {
      const planned = session.plans.get(text(readArguments(params), 'planId'));
      if (planned === undefined) {
        return { state: 'gone', why: 'it was carried out, or another plan took its place' };
      }
      const { plan, opened, basis } = planned;
      const why = changedSince(basis, await planBasis(opened, plan.identity, signal));
      return why === undefined ? { state: 'current' } : { state: 'outdated', why };
    }),
  ],
};
