import { toHex } from '../../../core/credential/octets.ts';
import { tokenFingerprint } from '../../../core/credential/tokenFingerprint.ts';
import type { Hasher } from '../../../core/ports.ts';
import type { Secret } from '../../../core/secret.ts';
import { answeredOtherwise } from '../../certificateRequest.ts';
import type { TokenRequest } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { checkTokenRequest } from '../../tokenRequestCheck.ts';
import type { Line, Note } from '../ledger/ledger.ts';
import { noteRequest, oneAtATime, unlessRefused } from '../ledger/request.ts';
import type { TokenParts } from './tokenIssuer.ts';

function digest(text: string, hasher: Hasher): string {
  return toHex(hasher.hash('sha256', new TextEncoder().encode(text))).slice(0, 40);
}

/** What the server keeps beside what it made, where it can: which request that was for. */
export const markOf = (requestId: string, hasher: Hasher): string => digest(requestId, hasher);

/**
 * Has one made. A token that was made before under the same request id cannot be shown again: it is ended, and noted as
 * superseded, before another is made.
 */
export async function issueToken(
  request: TokenRequest,
  parts: TokenParts,
  signal: AbortSignal,
): Promise<{ readonly line: Line; readonly token: Secret<string> }> {
  const { context, source, ledger, address } = parts;
  const { clock, hasher } = context;
  const role = await source.role(signal);
  checkTokenRequest(request, role.maximumDurationSeconds, `have that of ${source.path} raised`);
  checkClaims(request, parts, role.needsScopes);
  const { requestId, identity, machine, subject, audience, scopes, durationSeconds } = request;
  const mark = markOf(requestId, hasher);
  const requestDigest = digest(
    JSON.stringify([identity, machine ?? null, source.path, subject, audience, scopes, durationSeconds]),
    hasher,
  );

  return oneAtATime(
    'tokens',
    requestId,
    context,
    async () => {
      const before = await ledger.byRequest(requestId, signal);
      if (before !== undefined && before.note.requestDigest !== requestDigest)
        throw answeredOtherwise(requestId, 'another subject, scope or validity');
      const note = await noteRequest(request, { requestDigest }, before, parts, signal);
      if (before !== undefined) await endFormer(before);
      return make(note, before);
    },
    signal,
  );

  async function endFormer({ answer }: Line): Promise<void> {
    if (answer === undefined) return source.endUnnoted(mark, signal);
    await source.end(answer.serialNumber, signal);
    await ledger.noteReason(answer.serialNumber, 'superseded', signal, clock.now().toISOString());
    // A run that made another meanwhile, and could not note it.
    await source.endUnnoted(mark, signal);
  }

  async function make(note: Note, before: Line | undefined) {
    const making = source.make(request, mark, signal);
    const made = await (before === undefined ? unlessRefused(making, requestId, ledger, signal) : making);
    // From here on it is there: it is noted even when somebody cancels.
    const steady = signal.aborted ? new AbortController().signal : signal;
    const answer = {
      serialNumber: made.accessor,
      issuedAt: made.issuedAt,
      notAfter: made.notAfter,
      material: [subject, `${address}/v1/${source.path}`],
      fingerprintSha256: tokenFingerprint(made.token.reveal(), hasher),
    };
    if (before?.answer !== undefined) await ledger.forgetAnswer(requestId, steady);
    await ledger.answer(requestId, answer, steady);
    await source.settle(made, request, steady).catch(async (error: unknown) => {
      if (error instanceof BackendError && error.kind === 'invalid-request')
        await ledger.noteReason(made.accessor, 'superseded', steady, clock.now().toISOString());
      throw error;
    });
    return { line: { note, answer }, token: made.token };
  }
}

/** Nothing that a manifest declares is left out without a word. */
export function checkClaims(
  { format, audience, scopes }: Pick<TokenRequest, 'format' | 'audience' | 'scopes'>,
  { context: { name }, source }: Pick<TokenParts, 'context' | 'source'>,
  needsScopes: boolean,
): void {
  const refuse = (what: string, hint: string): BackendError =>
    new BackendError({ kind: 'invalid-request', what: `${name} ${what}`, hint });
  if (format !== 'opaque') throw refuse(`makes no tokens of the format ${format}`, 'declare format: opaque');
  if (audience.length > 0)
    throw refuse(
      `binds no ${source.noun} to an audience`,
      'leave spec.audience out: the server itself is it',
    );
  if (scopes.length > 0 && !source.claims.includes('scopes'))
    throw refuse(
      `gives every ${source.noun} of ${source.path} the policies of that role`,
      'leave spec.scopes out, or name another role in spec.tokens',
    );
  if (scopes.length === 0 && needsScopes)
    throw refuse(
      `has no list of policies in ${source.path}, so the token would get those of our own login`,
      'name policies in spec.scopes, or have allowed_policies of the role set',
    );
}
