import { decodeCertificate } from '../../../core/credential/certificate.ts';
import { certificateFacts } from '../../../core/credential/certifiedKey.ts';
import { toHex } from '../../../core/credential/octets.ts';
import { decodePem } from '../../../core/credential/pem.ts';
import type { Hasher } from '../../../core/ports.ts';
import { Secret } from '../../../core/secret.ts';
import { publicKeyOf } from '../../../platform/crypto/softwareKeys.ts';
import { answeredOtherwise, checkCertificateWish, requestDigestOf } from '../../certificateRequest.ts';
import type { IssuedWithKey, ServiceKeyRequest } from '../../contract.ts';
import type { Awaited, Line } from '../ledger/ledger.ts';
import { noteRequest, oneAtATime } from '../ledger/request.ts';
import { apiPath } from '../paths.ts';
import { colonSerial } from './certificates.ts';
import { asked, chainOf, enter, lostAnswers, type PkiParts, refusedAnswer } from './issuance.ts';
import { grantedSeconds, issueParameters, mismatch, wantedNames } from './request.ts';
import { type PkiRole, readPkiRole } from './role.ts';
import { awaitedDigest } from './search.ts';

/** By how much of its life, and by how many seconds at most, a certificate may end sooner than was asked for. */
const SHORTENED_SHARE = 1 / 100;
const SHORTENED_SECONDS = 3600;

/**
 * Has the role make a key and certify it (`issue/<role>`). The key is shown once. Where an answer was lost, its
 * certificate is at the server and nobody has its key: it is found by what was noted before, revoked, and another is made
 * under the same request id.
 */
export async function issueWithKey(
  request: ServiceKeyRequest,
  parts: PkiParts,
  signal: AbortSignal,
): Promise<IssuedWithKey> {
  const { context, vault, place, ledger } = parts;
  const { hasher } = context;
  checkCertificateWish(request);
  const requestDigest = `${request.keyAlgorithm} ${requestDigestOf(request, hasher)}`;
  const { requestId } = request;

  return oneAtATime(
    'pki',
    requestId,
    context,
    async () => {
      const role = await readPkiRole(vault, place, parts.mountMaximum, signal);
      const before = await ledger.byRequest(requestId, signal);
      if (before !== undefined && before.note.requestDigest !== requestDigest)
        throw answeredOtherwise(requestId, 'another key, other names or another validity');
      const shown = `the role ${place.role} of ${context.name}`;
      const awaited = awaitedFor(request, grantedSeconds(request, role, shown), role, parts);
      const parameters = issueParameters(request, awaited.notAfter, role, shown);
      const ended = before === undefined ? [] : await endFormer(before, parts, signal);
      const note = await noteRequest(request, { requestDigest, awaited }, undefined, parts, signal);
      const { leaf, chain, data } = await asked('issue', parameters, requestId, parts, signal);
      // The certificate is there from here on: what remains is done even when somebody cancels.
      const steady = signal.aborted ? new AbortController().signal : signal;
      const pkcs8 = privateKeyIn(data['private_key']);
      const wrong = mismatchWithKey(leaf, pkcs8, request, hasher);
      if (pkcs8 === undefined || wrong !== undefined)
        throw await refusedAnswer(leaf, wrong ?? 'its key is missing', requestId, parts, steady);
      const line = await enter(note, chain, parts, steady);
      return { requestId, ...chainOf(line), pkcs8, ended };
    },
    signal,
  );
}

/** A second for its end that no other request has, by the server's clock: by that, names and algorithm it is found again. */
function awaitedFor(
  request: ServiceKeyRequest,
  seconds: number,
  role: PkiRole,
  { context: { clock, random, hasher } }: PkiParts,
): Awaited {
  const room = Math.min(SHORTENED_SECONDS, Math.floor(seconds * SHORTENED_SHARE));
  const [high = 0, low = 0] = random.bytes(2);
  const shortened = (high * 256 + low) % (room + 1);
  const from = Math.floor((role.serverTime ?? clock.now().getTime()) / 1000);
  return {
    notAfter: instant(from + seconds - shortened),
    notBefore: instant(from - role.notBefore),
    digest: awaitedDigest(wantedNames(request.names), request.keyAlgorithm, hasher),
  };
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Revokes what was made under this request before, and makes room for another; gives the serial numbers. */
async function endFormer(before: Line, parts: PkiParts, signal: AbortSignal): Promise<readonly string[]> {
  const { context, vault, place, ledger } = parts;
  const { note, answer } = before;
  const found = answer === undefined ? await lostAnswers(note, parts, signal) : [];
  const lost = found.map((der) => certificateFacts(der, context.hasher)?.serialNumber);
  const serialNumbers = [answer?.serialNumber, ...lost].filter((serial) => serial !== undefined);
  for (const serialNumber of serialNumbers) {
    await ledger.noteReason(serialNumber, 'superseded', signal);
    const named = { serial_number: colonSerial(serialNumber) };
    await vault.write(apiPath(place.mount, 'revoke'), named, signal, { repeatable: true });
  }
  if (answer !== undefined) await ledger.forgetAnswer(note.requestId, signal);
  await ledger.withdraw(note.requestId, signal);
  return serialNumbers;
}

function privateKeyIn(pem: unknown): Secret<Uint8Array> | undefined {
  if (typeof pem !== 'string') return undefined;
  const block = decodePem(pem).find(({ label, problem }) => label === 'PRIVATE KEY' && problem === undefined);
  return block && new Secret(block.bytes);
}

function mismatchWithKey(
  leaf: Uint8Array,
  pkcs8: Secret<Uint8Array> | undefined,
  request: ServiceKeyRequest,
  hasher: Hasher,
): string | undefined {
  if (pkcs8 === undefined) return 'it came without a key that can be read';
  let spki: Uint8Array;
  try {
    spki = publicKeyOf(pkcs8);
  } catch {
    return 'it came without a key that can be read';
  }
  const { publicKey } = decodeCertificate(leaf, hasher).value ?? {};
  if (publicKey?.algorithm !== request.keyAlgorithm) return `its key is no ${request.keyAlgorithm} key`;
  return mismatch(leaf, request, toHex(hasher.hash('sha256', spki)), hasher);
}
