/** What OCSP answers say of a certificate (RFC 6960, 3.2): from whom, for which one, and from when. */
import { sameOctets } from '../../credential/octets.ts';
import { DIGESTS } from '../../credential/oid.ts';
import type { Hasher, SignatureVerifier } from '../../ports.ts';
import { sameName } from '../nameKey.ts';
import { type PathCertificate, readPathCertificate } from '../pathCertificate.ts';
import { keyBits } from './keyBits.ts';
import type { OcspSingle, PathOcsp } from './pathOcsp.ts';
import { type Revocation, reasonText } from './revocation.ts';

export interface OcspInputs {
  readonly answers: readonly PathOcsp[];
  readonly now: Date;
  readonly hasher: Hasher;
  readonly verifier: SignatureVerifier;
  /** The value of the extension that went along with the question; an answer that has another one is to another question. */
  readonly nonce?: Uint8Array;
}

export const NONCE = '1.3.6.1.5.5.7.48.1.2';
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
/** Clocks of two machines differ. */
const SKEW_MS = 5 * 60 * 1000;
/** An answer that names no later one is good for so long. */
const UNDATED_MS = 24 * 60 * 60 * 1000;

export function ocspStatus(
  certificate: PathCertificate,
  issuer: PathCertificate,
  { answers, now, hasher, verifier, nonce }: OcspInputs,
): Revocation {
  let why = 'no OCSP answer is about it';
  for (const answer of answers) {
    const single = answer.answers.find((each) => isAbout(each, certificate, issuer, hasher));
    if (single === undefined) continue;
    const problem =
      answerProblem(answer, nonce) ??
      dateProblem(single, now) ??
      responderProblem(answer, issuer, { now, hasher, verifier });
    if (problem !== undefined) {
      why = problem;
      continue;
    }
    const { status } = single;
    if (status.status === 'good') return { status: 'good' };
    if (status.status === 'revoked')
      return { status: 'revoked', at: status.at, reason: reasonText(status.reason) };
    why = 'the responder does not know it';
  }
  return { status: 'unknown', why };
}

function isAbout(
  { hashOid, issuerNameHash, issuerKeyHash, serial }: OcspSingle,
  certificate: PathCertificate,
  issuer: PathCertificate,
  hasher: Hasher,
): boolean {
  const hash = DIGESTS.get(hashOid);
  const key = keyBits(issuer.spki);
  return (
    hash !== undefined &&
    key !== undefined &&
    sameOctets(serial, certificate.serial) &&
    sameOctets(issuerNameHash, hasher.hash(hash, certificate.issuerDer)) &&
    sameOctets(issuerKeyHash, hasher.hash(hash, key))
  );
}

function answerProblem({ extensions }: PathOcsp, nonce: Uint8Array | undefined): string | undefined {
  const unknown = extensions.find(({ oid, critical }) => critical && oid !== NONCE);
  if (unknown !== undefined)
    return `the critical extension ${unknown.oid} of the OCSP answer is not understood here`;
  const own = extensions.find(({ oid }) => oid === NONCE);
  if (nonce !== undefined && own !== undefined && !sameOctets(own.value, nonce))
    return 'the OCSP answer is to another question: its nonce differs (RFC 9654)';
  return undefined;
}

function dateProblem({ thisUpdate, nextUpdate }: OcspSingle, now: Date): string | undefined {
  const time = now.getTime();
  const from = Date.parse(thisUpdate);
  if (time + SKEW_MS < from) return 'the OCSP answer is of a later day';
  const until = nextUpdate === undefined ? from + UNDATED_MS : Date.parse(nextUpdate);
  return time - SKEW_MS > until ? 'the OCSP answer is out of date' : undefined;
}

/** RFC 6960, 4.2.2.2: the issuer itself, or whom it gave a certificate for this purpose. */
function responderProblem(
  answer: PathOcsp,
  issuer: PathCertificate,
  { now, hasher, verifier }: Pick<OcspInputs, 'now' | 'hasher' | 'verifier'>,
): string | undefined {
  const { algorithm, data, signature } = answer.signed;
  let why = 'the OCSP answer is by nobody whom the issuer allows to answer';
  const delegates = answer.certificates.flatMap((der) => readPathCertificate(der).value ?? []);
  for (const responder of [issuer, ...delegates]) {
    if (!isResponder(answer, responder, hasher)) continue;
    if (responder !== issuer) {
      const problem = delegateProblem(responder, issuer, now, verifier);
      if (problem !== undefined) {
        why = problem;
        continue;
      }
    }
    const outcome = verifier.verify(responder.spki, algorithm, data, signature);
    if (outcome === 'good') return undefined;
    why =
      outcome === 'bad'
        ? 'the signature of the OCSP answer is bad'
        : 'the signature of the OCSP answer cannot be checked on this machine';
  }
  return why;
}

function isResponder({ responder }: PathOcsp, certificate: PathCertificate, hasher: Hasher): boolean {
  if ('name' in responder) return sameName(responder.name, certificate.subject);
  const key = keyBits(certificate.spki);
  return key !== undefined && sameOctets(responder.keyHash, hasher.hash('sha1', key));
}

function delegateProblem(
  { issuer, signed, extendedKeyUsage, notBefore, notAfter, problems }: PathCertificate,
  authority: PathCertificate,
  now: Date,
  verifier: SignatureVerifier,
): string | undefined {
  const time = now.getTime();
  if (problems.length > 0) return 'the certificate of the responder cannot be read';
  if (extendedKeyUsage?.includes(OCSP_SIGNING) !== true)
    return 'the certificate of the responder is not for OCSP (RFC 6960, 4.2.2.2)';
  if (time < Date.parse(notBefore) || time > Date.parse(notAfter))
    return 'the certificate of the responder does not hold today';
  if (
    !sameName(issuer, authority.subject) ||
    verifier.verify(authority.spki, signed.algorithm, signed.data, signed.signature) !== 'good'
  )
    return 'the certificate of the responder is not by the issuer';
  return undefined;
}
