import {
  asksAbout,
  readOcspRequest,
  type StatusQuestion,
} from '../../../core/credential/build/ocspRequest.ts';
import {
  buildOcspResponse,
  ocspFailure,
  type StatusAnswer,
} from '../../../core/credential/build/ocspResponse.ts';
import type { BackendContext } from '../../contract.ts';
import { normalSerialNumber } from '../../serialNumber.ts';
import type { AuthoritySettings } from '../configuration.ts';
import type { Hierarchy, IssuingAuthority } from './hierarchy.ts';
import type { Ledger } from './ledger.ts';
import type { Revocations } from './revocation.ts';
import { secondsAfter } from './validity.ts';

/**
 * Answers an OCSP request, signed by the issuing CA itself. One answer has one signer: questions about certificates of
 * another issuing CA in the same request are answered `unknown`; a request that is about none of ours is `unauthorized`
 * (RFC 6960, 2.3).
 */
export async function answerOcsp(
  request: Uint8Array,
  parts: {
    readonly context: BackendContext;
    readonly settings: AuthoritySettings;
    readonly hierarchy: Hierarchy;
    readonly ledger: Ledger;
    readonly revocations: Revocations;
  },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { context, settings, hierarchy, ledger, revocations } = parts;
  const read = readOcspRequest(request);
  if (read === undefined) return ocspFailure('malformedRequest');
  const issuer = (await hierarchy.issuing()).find(({ certificate }) =>
    read.questions.some((question) => asksAbout(question, certificate, context.hasher)),
  );
  if (issuer === undefined) return ocspFailure('unauthorized');

  async function answerTo(question: StatusQuestion, of: IssuingAuthority): Promise<StatusAnswer> {
    if (!asksAbout(question, of.certificate, context.hasher)) return { status: 'unknown' };
    const serialNumber = normalSerialNumber(question.serialNumber);
    const record = serialNumber === undefined ? undefined : await ledger.bySerialNumber(serialNumber);
    if (record === undefined || record.issuer !== of.number) return { status: 'unknown' };
    const revocation = await revocations.of(record.serialNumber);
    return revocation === undefined
      ? { status: 'good' }
      : { status: 'revoked', at: new Date(revocation.at), reason: revocation.reason };
  }

  const answers: { question: StatusQuestion; answer: StatusAnswer }[] = [];
  for (const question of read.questions) answers.push({ question, answer: await answerTo(question, issuer) });
  const producedAt = context.clock.now();
  return buildOcspResponse(
    {
      answers,
      producedAt,
      nextUpdate: secondsAfter(producedAt, settings.ocsp.lifetimeSeconds),
      nonce: read.nonce,
      signer: await hierarchy.signerOf(issuer, signal),
    },
    context.hasher,
    signal,
  );
}
