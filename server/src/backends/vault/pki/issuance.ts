import { decodeBase64, encodeBase64 } from '../../../core/credential/base64.ts';
import { certificateFacts } from '../../../core/credential/certifiedKey.ts';
import { toHex } from '../../../core/credential/octets.ts';
import { checkCertificateRequest, requestDigestOf } from '../../certificateRequest.ts';
import type { BackendContext, CertificateRequest, IssuedCertificate } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { garbage, type VaultAnswer } from '../client.ts';
import type { Answer, Ledger, Line, Note } from '../ledger/ledger.ts';
import { noteRequest, oneAtATime, refuseOther, unlessRefused } from '../ledger/request.ts';
import { mapLimited } from '../limited.ts';
import { apiPath } from '../paths.ts';
import type { Vault } from '../session.ts';
import { certificatesIn, colonSerial, isRoot } from './certificates.ts';
import { mismatch, signParameters } from './request.ts';
import { type PkiPlace, readPkiRole } from './role.ts';
import { certificateOverKey, certificatesAwaited } from './search.ts';

export interface PkiParts {
  readonly context: BackendContext;
  readonly vault: Vault;
  readonly place: PkiPlace;
  /** Longest validity that the mount itself gives, in seconds. */
  readonly mountMaximum: number;
  readonly ledger: Ledger;
}

/** A line of the ledger whose request was answered. */
export interface IssuedLine extends Line {
  readonly answer: Answer;
}

/** Asks the role to sign, once for each request id: what was answered before is answered again. */
export async function issueCertificate(
  request: CertificateRequest,
  parts: PkiParts,
  signal: AbortSignal,
): Promise<IssuedLine> {
  const { context, vault, place, ledger } = parts;
  const { hasher } = context;
  const key = checkCertificateRequest(request);
  const spkiSha256 = toHex(hasher.hash('sha256', key.spki));
  const requestDigest = requestDigestOf(request, hasher);
  const { requestId } = request;

  return oneAtATime(
    'pki',
    requestId,
    context,
    async () => {
      const reading = readPkiRole(vault, place, parts.mountMaximum, signal);
      // Told below, unless the request was answered long ago.
      reading.catch(() => undefined);
      const before = await ledger.byRequest(requestId, signal);
      if (before !== undefined) {
        refuseOther(before, { requestDigest, spkiSha256 });
        const made = await answered(before, parts, signal);
        if (made !== undefined) return made;
      }
      const role = await reading;
      const shown = `the role ${place.role} of ${context.name}`;
      const parameters = signParameters(request, key.algorithm, role, shown, hasher);
      const note = await noteRequest(request, { requestDigest, spkiSha256 }, before, parts, signal);
      const chain = await sign(parameters, request, spkiSha256, parts, signal);
      return enter(note, chain, parts, signal);
    },
    signal,
  );
}

/** The answer to a note: from the ledger, else from the server itself, where a run ended in between. */
export async function answered(
  { note, answer }: Line,
  parts: PkiParts,
  signal: AbortSignal,
): Promise<IssuedLine | undefined> {
  if (answer !== undefined) return { note, answer };
  const { vault, place, context } = parts;
  const { spkiSha256, notedAt } = note;
  const found =
    spkiSha256 === undefined
      ? (await lostAnswers(note, parts, signal))[0]
      : await certificateOverKey(vault, place.mount, { spkiSha256, notedAt }, context.hasher, signal);
  return found === undefined
    ? undefined
    : enter(note, await withIssuers(found, parts, signal), parts, signal);
}

/** DER of what the server made for this note, where it made the key as well and its answer was lost. */
export async function lostAnswers(
  { awaited, requestId }: Note,
  { vault, place, context, ledger }: PkiParts,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  if (awaited === undefined) return [];
  const found = await certificatesAwaited(vault, place.mount, awaited, context.hasher, signal);
  const known = await mapLimited(found, (der) =>
    ledger.bySerialNumber(certificateFacts(der, context.hasher)?.serialNumber ?? '', signal),
  );
  // One that answers another request of ours is not lost.
  return found.filter((_, index) => (known[index]?.note.requestId ?? requestId) === requestId);
}

/** DER, leaf first; the root last where it is known. */
export function chainOf({ answer }: IssuedLine): Pick<IssuedCertificate, 'chain' | 'root'> {
  const all = answer.material.flatMap((text) => {
    const decoded = decodeBase64(text);
    return decoded.ok ? [decoded.bytes] : [];
  });
  const last = all.length > 1 ? all.at(-1) : undefined;
  return last !== undefined && isRoot(last) ? { chain: all.slice(0, -1), root: last } : { chain: all };
}

async function sign(
  parameters: Readonly<Record<string, unknown>>,
  request: CertificateRequest,
  spkiSha256: string,
  parts: PkiParts,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const { leaf, chain } = await asked('sign', parameters, request.requestId, parts, signal);
  const wrong = mismatch(leaf, request, spkiSha256, parts.context.hasher);
  if (wrong !== undefined) throw await refusedAnswer(leaf, wrong, request.requestId, parts, signal);
  return chain;
}

/** One call of the role, and the certificate of its answer with what stands above it. */
export async function asked(
  how: 'sign' | 'issue',
  parameters: Readonly<Record<string, unknown>>,
  requestId: string,
  { vault, place, ledger, context }: PkiParts,
  signal: AbortSignal,
): Promise<{
  readonly leaf: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly data: VaultAnswer['data'];
}> {
  const path = apiPath(place.mount, how, place.role);
  const answer = await unlessRefused(vault.write(path, parameters, signal), requestId, ledger, signal);
  const [leaf] = certificatesIn(answer?.data['certificate']);
  if (answer === undefined || leaf === undefined) throw garbage(context.name, path, true);
  const issuers = answer.data['ca_chain'];
  const above = Array.isArray(issuers) ? issuers.flatMap(certificatesIn) : [];
  return { leaf, chain: ordered(leaf, above), data: answer.data };
}

/** Ends a certificate that is not the one that was asked for, and says so. */
export async function refusedAnswer(
  leaf: Uint8Array,
  wrong: string,
  requestId: string,
  { vault, place, ledger, context }: PkiParts,
  signal: AbortSignal,
): Promise<BackendError> {
  const path = apiPath(place.mount, 'revoke');
  const serialNumber = certificateFacts(leaf, context.hasher)?.serialNumber;
  if (serialNumber === undefined) throw garbage(context.name, path, true);
  await vault.write(path, { serial_number: colonSerial(serialNumber) }, signal);
  await ledger.withdraw(requestId, signal);
  return new BackendError({
    kind: 'forbidden',
    what: `${context.name} issued another certificate than was asked for (${wrong}); it was revoked at once`,
    hint: `have the role ${place.role} changed so that it grants what the manifest declares`,
  });
}

/** Leaf, issuers, root; each once. */
function ordered(leaf: Uint8Array, above: readonly Uint8Array[]): readonly Uint8Array[] {
  const issuers = [...new Map(above.map((der) => [encodeBase64(der), der])).values()];
  return [leaf, ...issuers.filter((der) => !isRoot(der)), ...issuers.filter(isRoot)];
}

async function withIssuers(
  leaf: Uint8Array,
  { vault, place, mountMaximum }: PkiParts,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const { issuer } = await readPkiRole(vault, place, mountMaximum, signal);
  const answer = await vault.read(apiPath(place.mount, 'issuer', issuer), signal);
  const chain = answer?.data['ca_chain'];
  return ordered(leaf, Array.isArray(chain) ? chain.flatMap(certificatesIn) : []);
}

/** From here on the request is answered. */
export async function enter(
  note: Note,
  chain: readonly Uint8Array[],
  { context, ledger }: PkiParts,
  signal: AbortSignal,
): Promise<IssuedLine> {
  const [leaf] = chain;
  const facts = leaf === undefined ? undefined : certificateFacts(leaf, context.hasher);
  if (facts === undefined) throw garbage(context.name, 'a request for a certificate', true);
  const answer: Answer = {
    serialNumber: facts.serialNumber,
    issuedAt: note.notedAt,
    notAfter: new Date(facts.notAfter).toISOString(),
    material: chain.map(encodeBase64),
    ...(note.spkiSha256 === undefined && facts.spkiSha256 !== undefined
      ? { spkiSha256: facts.spkiSha256 }
      : {}),
  };
  // From here on the certificate exists: not even a cancellation leaves it out of the ledger.
  await ledger.answer(note.requestId, answer, signal.aborted ? new AbortController().signal : signal);
  return { note, answer };
}
