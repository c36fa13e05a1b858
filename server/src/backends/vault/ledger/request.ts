import { toHex } from '../../../core/credential/octets.ts';
import { answeredOtherwise } from '../../certificateRequest.ts';
import type { BackendContext, IssuanceRequest } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import type { Ledger, Line, Note } from './ledger.ts';

/** Two runs of one request must not both ask. `part`: of the backend, by the name of its folder. */
export function oneAtATime<T>(
  part: 'pki' | 'ssh' | 'tokens',
  requestId: string,
  { state, hasher }: Pick<BackendContext, 'state' | 'hasher'>,
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const digest = toHex(hasher.hash('sha256', new TextEncoder().encode(requestId))).slice(0, 40);
  return state.locked(`${part}/requests-${digest}`, work, signal);
}

/** Throws `conflict` where the request id was noted for another key or other terms. */
export function refuseOther(
  before: Line,
  { requestDigest, spkiSha256 }: Required<Pick<Note, 'requestDigest' | 'spkiSha256'>>,
): void {
  const { note } = before;
  if (note.spkiSha256 !== spkiSha256) throw answeredOtherwise(note.requestId, 'another key');
  if (note.requestDigest !== requestDigest)
    throw answeredOtherwise(note.requestId, 'other names or another validity');
}

/** Notes a request before the server is asked; once more after a run that ended before all of it stood. */
export async function noteRequest(
  { requestId, identity, machine }: IssuanceRequest,
  terms: Pick<Note, 'requestDigest' | 'spkiSha256' | 'awaited'>,
  before: Line | undefined,
  { ledger, context }: { readonly ledger: Ledger; readonly context: Pick<BackendContext, 'clock'> },
  signal: AbortSignal,
): Promise<Note> {
  const note: Note = before?.note ?? {
    requestId,
    ...terms,
    identity,
    ...(machine === undefined ? {} : { machine }),
    notedAt: context.clock.now().toISOString(),
  };
  if (!(await ledger.note(note, signal)) && before === undefined)
    throw answeredOtherwise(requestId, 'a request that another process makes right now');
  return note;
}

/** A plain refusal made nothing, so its note is taken back: nothing of it is left to look for. */
export async function unlessRefused<T>(
  asking: Promise<T>,
  requestId: string,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<T> {
  return asking.catch(async (error: unknown) => {
    if (error instanceof BackendError && !error.mayHaveActed) await ledger.withdraw(requestId, signal);
    throw error;
  });
}
