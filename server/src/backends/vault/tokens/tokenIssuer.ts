import { tokenFingerprint } from '../../../core/credential/tokenFingerprint.ts';
import { formatInstant } from '../../../core/text/instant.ts';
import { answeredOtherwise } from '../../certificateRequest.ts';
import type { BackendContext, TokenIssuer, TokenLedgerEntry } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { acting, looking } from '../../guard.ts';
import { checkReason, OFFERED_REASONS } from '../../revocationReasons.ts';
import type { Ledger, Line } from '../ledger/ledger.ts';
import { issueToken, markOf } from './issuance.ts';
import type { TokenSource } from './source.ts';

export interface TokenParts {
  readonly context: BackendContext;
  readonly source: TokenSource;
  /** Without a slash at its end. */
  readonly address: string;
  readonly ledger: Ledger;
}

/** The server's own credentials as identities. It shows each once, and knows it afterwards by its accessor. */
export function vaultTokenIssuer(parts: TokenParts, maximumDurationSeconds: number): TokenIssuer {
  const { context, source, ledger } = parts;
  const { name, hasher, clock } = context;

  async function entryOf(line: Line | undefined, signal: AbortSignal): Promise<TokenLedgerEntry | undefined> {
    const entry = line && entryIn(line);
    if (entry === undefined) return undefined;
    const revoked = await revocationOf(entry.serialNumber, signal);
    return revoked === undefined ? entry : { ...entry, revoked };
  }

  async function revocationOf(serialNumber: string, signal: AbortSignal) {
    const { at, reason } = (await ledger.revocation(serialNumber, signal)) ?? {};
    return at === undefined || reason === undefined ? undefined : { at, reason };
  }

  async function bySerialNumber(serialNumber: string, signal: AbortSignal) {
    const entry = await entryOf(await ledger.bySerialNumber(serialNumber, signal), signal);
    // The mark of one that was ended and made anew leads to its successor.
    return entry?.serialNumber === serialNumber ? entry : undefined;
  }

  return {
    formats: ['opaque'],
    claims: source.claims,
    showsAgain: false,
    revocationReasons: OFFERED_REASONS,
    maximumDurationSeconds,
    issue: acting(`issue the ${source.noun}`, async (request, signal) => {
      const { line, token } = await issueToken(request, parts, signal);
      const entry = entryIn(line);
      if (entry === undefined) throw answeredOtherwise(request.requestId, 'something else');
      return { state: 'issued', made: { ...entry, token } };
    }),
    abandon: acting(`end what is left of the request for a ${source.noun}`, async (requestId, signal) => {
      const line = await ledger.byRequest(requestId, signal);
      // A request that was never sent, or was refused, is not noted any more.
      if (line === undefined) return;
      await source.endUnnoted(markOf(requestId, hasher), signal);
      if (line.answer === undefined) await ledger.withdraw(requestId, signal);
    }),
    find: looking(`look up the ${source.noun}`, async (query, signal) => {
      if ('spkiSha256' in query) return undefined;
      if ('serialNumber' in query) return bySerialNumber(query.serialNumber, signal);
      return entryOf(await ledger.byRequest(query.requestId, signal), signal);
    }),
    issuedFor: looking(`list the ${source.noun}s`, async (identity, signal) => {
      const lines = await ledger.byIdentity(identity, signal);
      const entries = await Promise.all(lines.map((line) => entryOf(line, signal)));
      return entries.filter((entry) => entry !== undefined);
    }),
    revoke: acting(`revoke the ${source.noun}`, async (serialNumber, reason, signal) => {
      checkReason(reason);
      const entry = await bySerialNumber(serialNumber, signal);
      if (entry === undefined)
        throw new BackendError({
          kind: 'not-found',
          what: `${name} made no ${source.noun} of the accessor ${serialNumber.slice(0, 80)} for us`,
          hint: 'check the accessor, and that the Backend names the ledger that has it',
        });
      if (entry.revoked !== undefined) return entry.revoked;
      // The server first: what is noted as revoked counts nowhere any more.
      await source.end(serialNumber, signal);
      const at = clock.now().toISOString();
      await ledger.noteReason(serialNumber, reason, signal, at);
      return (await revocationOf(serialNumber, signal)) ?? { at, reason };
    }),
    status: looking('tell the status', async (serialNumber, signal) => {
      const entry = await bySerialNumber(serialNumber, signal);
      if (entry === undefined)
        return { status: 'unknown', why: `${name} made no ${source.noun} of that accessor for us` };
      if (entry.revoked !== undefined) return { status: 'revoked', ...entry.revoked };
      const counts = hasEnded(entry) || (await source.counts(serialNumber, signal));
      return counts ? { status: 'good' } : { status: 'unknown', why: goneText };
    }),
    // By its fingerprint, so that nothing that somebody presents is sent anywhere.
    check: looking(`check the ${source.noun}`, async (presented, signal) => {
      const fingerprint = tokenFingerprint(presented.reveal(), hasher);
      const entry = await entryOf(await ledger.byFingerprint(fingerprint, signal), signal);
      const inactive = (why: string) => ({ active: false, why }) as const;
      if (entry?.fingerprintSha256 !== fingerprint)
        return inactive(`${name} made no such ${source.noun} for us, or ended it for another`);
      const { revoked, notAfter } = entry;
      if (revoked !== undefined)
        return inactive(`it was revoked at ${formatInstant(revoked.at)} (${revoked.reason})`);
      if (hasEnded(entry)) return inactive(`it ended at ${formatInstant(notAfter)}`);
      return (await source.counts(entry.serialNumber, signal)) ? { active: true, entry } : inactive(goneText);
    }),
  };

  function hasEnded({ notAfter }: TokenLedgerEntry): boolean {
    return clock.now().getTime() >= Date.parse(notAfter);
  }
}

const goneText = 'the server has it no more, before its time: somebody ended it there';

function entryIn({ note, answer }: Line): TokenLedgerEntry | undefined {
  const [subject, issuer] = answer?.material ?? [];
  const { fingerprintSha256 } = answer ?? {};
  if (
    answer === undefined ||
    subject === undefined ||
    issuer === undefined ||
    fingerprintSha256 === undefined
  )
    return undefined;
  const { requestId, identity, machine } = note;
  const { serialNumber, issuedAt, notAfter } = answer;
  return {
    requestId,
    serialNumber,
    identity,
    ...(machine === undefined ? {} : { machine }),
    issuedAt,
    notAfter,
    format: 'opaque',
    subject,
    issuer,
    notBefore: issuedAt,
    fingerprintSha256,
  };
}
