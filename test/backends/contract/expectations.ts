import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import type { Backend } from '../../../server/src/backends/contract.ts';
import { BackendError, type BackendErrorKind } from '../../../server/src/backends/errors.ts';

/** An open backend and what it takes to end it. */
export interface OpenedBackend {
  readonly backend: Backend;
  cleanup(): Promise<void>;
}

export type OpenBackend = () => Promise<OpenedBackend>;

/** The work fails with a BackendError of that kind that tells a person what happened and what to do. */
export async function rejectsWith(kind: BackendErrorKind, work: Promise<unknown>): Promise<BackendError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof BackendError, `not a BackendError: ${String(error)}`);
  assert.equal(error.kind, kind, `${error.what} (${error.hint})`);
  assert.ok(error.what.length > 10 && error.hint.length > 10, 'it says what happened and what to do next');
  return error;
}

/** Every verb refuses to start once its signal is aborted. */
export async function honoursAbort(work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  await rejectsWith('interrupted', work(AbortSignal.abort()));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function serialOf(certificate: Uint8Array | undefined): string {
  assert.ok(certificate);
  return new X509Certificate(certificate).serialNumber.toLowerCase();
}

export function present<T>(value: T | undefined, what: string): T {
  assert.ok(value !== undefined, `${what} is absent`);
  return value;
}
