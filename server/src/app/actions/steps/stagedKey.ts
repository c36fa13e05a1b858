import { BackendError } from '../../../backends/errors.ts';
import type { Secret } from '../../../core/secret.ts';
import type { StepContext } from './step.ts';

/** Where a private key made in memory waits, sealed, until it is delivered. */
export function stagedKeyName(generation: string): string {
  return `${generation}.key`;
}

/** Where the former content of a delivery place waits, so that the delivery can be undone. */
export function formerContentName(n: number): string {
  return `${n}.former`;
}

export async function stagedKey(context: StepContext, generation: string): Promise<Secret<Uint8Array>> {
  const key = await context.staged.get(stagedKeyName(generation));
  if (key !== undefined) return key;
  throw new BackendError({
    kind: 'not-found',
    what: 'The private key that was made for this certificate is no longer in the sealed store.',
    hint: 'Undo the action with `idac resume --undo` and start again: a new key will be made.',
  });
}

export async function eraseStaged(context: Pick<StepContext, 'staged'>): Promise<void> {
  for (const name of await context.staged.list('')) await context.staged.remove(name);
}
