import { timingSafeEqual } from 'node:crypto';
import { BackendError } from '../../backends/errors.ts';
import type { Secret } from '../../core/secret.ts';
import type { BackendPool } from '../actions/services.ts';

/** Puts a value where nothing is yet, and reads it back. Nothing is overwritten. */
export async function keepSecret(
  backends: BackendPool,
  backend: string,
  path: string,
  value: Secret<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const { secrets } = await backends.open(backend, signal);
  if (secrets === undefined)
    throw new BackendError({
      kind: 'unsupported',
      what: `Backend ${backend} keeps no secrets.`,
      hint: 'Choose one whose manifest configures a secret store.',
    });
  if ((await secrets.read(path, signal)) !== undefined)
    throw new BackendError({
      kind: 'conflict',
      what: `Backend ${backend} has something at ${path} already, and it was left as it is.`,
      hint: 'Look at what it is; remove it there, or write the reference to it yourself.',
    });
  await secrets.write(path, value, { ifVersion: null }, signal);
  const kept = (await secrets.read(path, signal))?.value.reveal();
  const octets = value.reveal();
  if (kept === undefined || kept.length !== octets.length || !timingSafeEqual(kept, octets))
    throw new BackendError({
      kind: 'conflict',
      what: `What backend ${backend} has at ${path} is not what was put there.`,
      hint: 'Nothing was replaced in the file. Look at what stands there.',
    });
}
