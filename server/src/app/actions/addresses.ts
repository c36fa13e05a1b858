import type { IdentityId } from '../../core/identity/identityId.ts';
import type { Refusal } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import type { Task } from '../../core/lifecycle/task.ts';
import type { BackendPool } from './services.ts';

/** Where each backend of an action is, by name. */
export type Addresses = Readonly<Record<string, string>>;

function backendsOf(task: Task): readonly (string | null | undefined)[] {
  return [
    'backend' in task ? task.backend : null,
    'store' in task ? task.store : null,
    'key' in task ? task.key?.store : null,
    ...('place' in task ? [task.place] : 'places' in task ? task.places : []).map(({ backend }) => backend),
  ];
}

export async function addressesOf(tasks: readonly Task[], backends: BackendPool): Promise<Addresses> {
  const addresses: Record<string, string> = {};
  for (const name of new Set(tasks.flatMap(backendsOf)))
    if (typeof name === 'string') addresses[name] = await backends.address(name);
  return addresses;
}

/**
 * An action that was interrupted goes on at the backends where it began, or not at all: at another one it would find
 * nothing of what it did, do it again, and leave the first half behind. BackendError when a manifest is gone or broken.
 */
export async function refuseMoved(
  identity: IdentityId,
  begun: Addresses,
  backends: BackendPool,
): Promise<Refusal | undefined> {
  for (const [name, address] of Object.entries(begun)) {
    const now = await backends.address(name);
    if (now === address) continue;
    return refusal(
      identity,
      'backend-moved',
      `The action was begun when backend ${name} was ${address}; its manifest points to ${now} now.`,
      'Put that manifest back as it was, finish or undo the action, and change it then.',
    );
  }
  return undefined;
}
