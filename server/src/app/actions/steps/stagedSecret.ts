import type { SealedStore } from '../../../backends/contract.ts';
import { BackendError } from '../../../backends/errors.ts';
import { nounOf } from '../../../core/lifecycle/kindTraits.ts';
import type { Secret } from '../../../core/secret.ts';
import type { StepContext } from './step.ts';

/** The compartment of the sealed store. */
const STAGED = 'staged';

/** Where a private key made in memory waits, sealed, until it is delivered. */
export function stagedKeyName(generation: string): string {
  return `${generation}.key`;
}

/** Where a token waits, sealed, until it is delivered. */
export function stagedTokenName(generation: string): string {
  return `${generation}.token`;
}

/** Where the former content of a delivery place waits, so that the delivery can be undone. */
export function formerContentName(n: number): string {
  return `${n}.former`;
}

export function stagedKey(context: StepContext, generation: string): Promise<Secret<Uint8Array>> {
  return staged(context, stagedKeyName(generation), `private key of this ${nounOf(context.identity.kind)}`);
}

export async function stagedToken(context: StepContext, generation: string): Promise<Secret<string>> {
  const bytes = await staged(context, stagedTokenName(generation), 'token');
  return bytes.map((token) => new TextDecoder().decode(token));
}

async function staged(context: StepContext, name: string, what: string): Promise<Secret<Uint8Array>> {
  const secret = await context.staged.get(name);
  if (secret !== undefined) return secret;
  throw new BackendError({
    kind: 'not-found',
    what: `The ${what} is no longer in the sealed store.`,
    hint: 'Undo the action with `idac resume --undo` and start again: a new one will be made.',
  });
}

export async function eraseStaged(context: Pick<StepContext, 'staged'>): Promise<void> {
  for (const name of await context.staged.names()) await context.staged.remove(name);
}

/** What waits sealed for one action, by names of its own. */
export interface Staged extends Pick<SealedStore, 'get' | 'put' | 'remove'> {
  names(): Promise<readonly string[]>;
}

/** Side by side with what waits for others: a folder for each action would be made and removed again, durably. */
export function stagedOf(sealed: SealedStore, planId: string): Staged {
  const all = sealed.scope(STAGED);
  const own = `${planId}.`;
  return {
    get: (name) => all.get(own + name),
    put: (name, value) => all.put(own + name, value),
    remove: (name) => all.remove(own + name),
    async names() {
      const names = (await all.list('')).filter((name) => name.startsWith(own));
      return names.map((name) => name.slice(own.length));
    },
  };
}

/** Ids of the plans for which something waits. */
export async function actionsWithStaged(sealed: SealedStore): Promise<ReadonlySet<string>> {
  const names = await sealed.scope(STAGED).list('');
  return new Set(names.map((name) => name.slice(0, name.indexOf('.'))));
}
