import type { Plan, Refusal } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import type { Confirmation } from '../api.ts';

/** Why what the person answered does not do for this plan; nothing has been touched then. */
export function refuseConfirmation(
  { identity, confirmation }: Plan,
  given: Confirmation,
): Refusal | undefined {
  if (!given.confirmed) {
    return refusal(
      identity,
      'not-confirmed',
      'The action was not confirmed.',
      `Nothing was changed. On the command line: ${confirmation.commandLine}`,
    );
  }
  if (confirmation.mode === 'typed' && given.typed !== confirmation.name) {
    return refusal(
      identity,
      'name-not-typed',
      `To confirm this, type the name of the identity: ${confirmation.name}`,
      `Nothing was changed. On the command line: ${confirmation.commandLine}`,
    );
  }
  return undefined;
}
