import { problemsOfNames } from '../core/credential/build/names.ts';
import { readProvenKey } from '../core/credential/build/requestProof.ts';
import { toHex } from '../core/credential/octets.ts';
import type { Hasher } from '../core/ports.ts';
import { nodeSignatureVerifier } from '../platform/crypto/signatureVerifier.ts';
import type { CertificateRequest, CertificateUsage, CertificateWish } from './contract.ts';
import { BackendError } from './errors.ts';

/** Purposes that must stand alone: RFC 3161, 2.3; and a server's key must not vouch for revocation. */
const SOLITARY: readonly CertificateUsage[] = ['timeStamping', 'ocspSigning'];

const refuse = (what: string, hint: string): BackendError =>
  new BackendError({ kind: 'invalid-request', what, hint });

/** The key of the request, whose holder has proven it. Throws `invalid-request` for what no authority here would sign. */
export function checkCertificateRequest(request: CertificateRequest): {
  readonly algorithm: ProvenAlgorithm;
  readonly spki: Uint8Array;
} {
  checkCertificateWish(request);
  const key = readProvenKey(request.csr, nodeSignatureVerifier);
  if (!key.ok)
    throw refuse(
      `the certificate request is refused: ${key.why}`,
      'make a new key and request, then issue again',
    );
  return key;
}

/** Throws `invalid-request` for what no authority here would certify, whatever the key. */
export function checkCertificateWish(request: CertificateWish): void {
  if (request.requestId === '') throw refuse('the request has no id', 'this is a defect: please report it');
  const [wrong] = problemsOfNames(request.names);
  if (wrong !== undefined)
    throw refuse(`spec.${wrong.field}: "${wrong.value}" ${wrong.why}`, 'correct the name in the manifest');
  const { names, usages } = request;
  const named =
    names.dnsNames.length + names.ipAddresses.length + names.uris.length + names.emailAddresses.length;
  if (named === 0 && names.subject === undefined)
    throw refuse(
      'the certificate would name nobody',
      'declare dnsNames, ipAddresses, uris, emailAddresses or a subject',
    );
  const solitary = SOLITARY.find((usage) => usages.includes(usage));
  if (solitary !== undefined && usages.length > 1)
    throw refuse(`the usage ${solitary} must stand alone`, 'declare a Certificate of its own for it');
}

type ProvenAlgorithm = Extract<ReturnType<typeof readProvenKey>, { ok: true }>['algorithm'];

/** Of all that was asked for beside the key: the same on every retry. */
export function requestDigestOf(request: CertificateWish, hasher: Hasher): string {
  const { names, usages, durationSeconds, identity, machine } = request;
  const text = JSON.stringify([
    [identity.apiVersion, identity.kind, identity.namespace, identity.name, machine ?? null],
    [names.subject ?? null, names.dnsNames, names.ipAddresses, names.uris, names.emailAddresses],
    usages,
    durationSeconds,
  ]);
  return toHex(hasher.hash('sha256', new TextEncoder().encode(text)));
}

export function answeredOtherwise(requestId: string, other: string): BackendError {
  return new BackendError({
    kind: 'conflict',
    what: `the request ${requestId} was answered before, for ${other}`,
    hint: 'undo the action (`idac resume --undo`) and plan it again',
  });
}
