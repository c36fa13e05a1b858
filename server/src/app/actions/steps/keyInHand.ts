import { BackendError } from '../../../backends/errors.ts';
import type { KeyChoice, TaskOf } from '../../../core/lifecycle/task.ts';
import type { Signer } from '../../../core/ports.ts';
import { softwareSigner } from '../../../platform/crypto/softwareKeys.ts';
import { plannedRequest } from './readRequest.ts';
import { stagedKey } from './stagedSecret.ts';
import { type StepContext, StepFailure } from './step.ts';

/** Signs with the key that the action made, wherever it is. */
export async function signerFor(
  task: TaskOf<'issue'>,
  context: StepContext,
  signal: AbortSignal,
): Promise<Signer> {
  const { store, keyId, algorithm } = keyOf(task);
  if (store !== undefined && keyId !== undefined) {
    const { keys } = await context.services.backends.open(store, signal);
    if (keys === undefined) throw noKeyStore(store);
    return keys.signer(keyId, signal);
  }
  return softwareSigner(await stagedKey(context, task.generation), algorithm);
}

/** DER SubjectPublicKeyInfo of the key: the machine's own, or that of the key that the action made. */
export async function spkiFor(
  task: TaskOf<'issue'>,
  context: StepContext,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const own = await plannedRequest(task.generation, context);
  return own?.publicKey.spki ?? (await signerFor(task, context, signal)).spki;
}

function keyOf({ key }: TaskOf<'issue'>): KeyChoice {
  if (key !== null) return key;
  throw new StepFailure(
    'The step needs a key, and its plan names none.',
    'The journal is damaged: undo the action with `idac resume --undo`.',
  );
}

export function noKeyStore(backend: string): BackendError {
  return new BackendError({
    kind: 'unsupported',
    what: `Backend ${backend} keeps no keys.`,
    hint: 'Name a backend with the role KeyStore.',
  });
}
