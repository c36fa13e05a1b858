/**
 * A path of certificates from a leaf to a trust anchor, in the few words of RFC 5280, 6.1 that X.509-SVIDs need. What is
 * not processed here is never taken as fine: a critical extension or a constraint that nobody looks at ends the path.
 */

import type { Hasher, SignatureVerifier } from '../../ports.ts';
import { formatInstant } from '../../text/instant.ts';
import { type DecodedCertificate, decodeCertificate } from '../certificate.ts';
import { context, fieldsOf, readDer, TAG, whole } from '../der.ts';
import { sameOctets, toHex } from '../octets.ts';
import { attempt } from '../problem.ts';

export type ReadCertificate =
  | { readonly ok: true; readonly certificate: DecodedCertificate }
  | { readonly ok: false; readonly why: string };

export interface PathContext {
  readonly now: Date;
  readonly verifier: SignatureVerifier;
  readonly hasher: Hasher;
}

/** More than any real chain has, and few enough that hostile ones cost nothing. */
const MOST_CERTIFICATES = 10;
/** CAs of one name and key vouch for each other in every order: the ways through ten of them are more than a million. */
const MOST_SIGNATURES = 100;
const SHORTEST_RSA = 2048;
/** Of 2.16.840.1.101.3.4.2 in DER. */
const SHA_2_ARC = '6086480165030402';
/** Extensions that are looked at, so that they may be critical. */
const PROCESSED: ReadonlySet<string | undefined> = new Set([
  'basicConstraints',
  'keyUsage',
  'extKeyUsage',
  'subjectAltName',
]);

/** A certificate that can be read to its last field; a doubtful one is none. */
export function readStrictly(der: Uint8Array, hasher: Hasher): ReadCertificate {
  const { value, problems } = decodeCertificate(der, hasher);
  const [problem] = problems;
  if (value === undefined || problem !== undefined)
    return { ok: false, why: problem === undefined ? 'it is none' : `${problem.what}: ${problem.reason}` };
  const why = formProblem(value);
  return why === undefined ? { ok: true, certificate: value } : { ok: false, why };
}

function formProblem(certificate: DecodedCertificate): string | undefined {
  const { version, extensions, signed } = certificate;
  if (version !== 3) return 'it is not of version 3';
  if (signed === undefined || !sameAlgorithms(signed)) return 'it names two different signature algorithms';
  const oids = extensions.map(({ oid }) => oid);
  if (new Set(oids).size !== oids.length) return 'an extension comes twice';
  const unknown = extensions.find(({ critical, name }) => critical && !PROCESSED.has(name));
  return unknown === undefined
    ? undefined
    : `its critical extension ${unknown.name ?? unknown.oid} is not understood here`;
}

/** RFC 5280, 4.1.1.2: inside of what is signed and beside it stands the same algorithm. */
function sameAlgorithms({ data, algorithm }: NonNullable<DecodedCertificate['signed']>): boolean {
  const same = attempt([], 'the certificate', () => {
    const fields = fieldsOf(readDer(data));
    fields.optional(context(0));
    fields.any('the serial number');
    return sameOctets(whole(fields.take(TAG.sequence, 'the signature algorithm')), algorithm);
  });
  return same === true;
}

/** Undefined when it is valid now; both ends count (RFC 5280, 4.1.2.5). */
export function dateProblem({ notBefore, notAfter }: DecodedCertificate, now: Date): string | undefined {
  if (notBefore === undefined || notAfter === undefined) return 'its validity cannot be read';
  if (now.getTime() < new Date(notBefore).getTime())
    return `it is not valid before ${formatInstant(notBefore)}`;
  // The last second belongs to it as a whole.
  return now.getTime() >= new Date(notAfter).getTime() + 1000
    ? `it expired at ${formatInstant(notAfter)}`
    : undefined;
}

/**
 * Why there is no path from `leaf` over some of `presented` to one of `anchors`; undefined when there is. `mayIssue`
 * is asked about each CA on the way, the anchor included.
 */
export function pathProblem(
  leaf: DecodedCertificate,
  presented: readonly Uint8Array[],
  anchors: readonly Uint8Array[],
  mayIssue: (authority: DecodedCertificate) => string | undefined,
  at: PathContext,
): string | undefined {
  if (presented.length >= MOST_CERTIFICATES) return `it comes with more than ${MOST_CERTIFICATES - 1} others`;
  const trusted = readAll(anchors, at.hasher);
  const between = readAll(presented, at.hasher);
  let nearest: string | undefined;
  let signatures = 0;

  /** `below`: CAs that are not self-issued between leaf and here (RFC 5280, 6.1.4 l). */
  const climb = (subject: DecodedCertificate, below: number, used: ReadonlySet<string>): boolean => {
    for (const authority of [...trusted, ...between]) {
      if (used.has(authority.fingerprintSha256) || authority.subject !== subject.issuer) continue;
      if (++signatures > MOST_SIGNATURES) return false;
      const wrong =
        signatureProblem(subject, authority, at) ??
        authorityProblem(authority, below, at.now) ??
        mayIssue(authority);
      if (wrong !== undefined) {
        nearest ??= `${nameOf(authority)}: ${wrong}`;
        continue;
      }
      if (trusted.includes(authority)) return true;
      const next = new Set(used).add(authority.fingerprintSha256);
      if (climb(authority, below + (authority.selfIssued ? 0 : 1), next)) return true;
    }
    return false;
  };

  if (climb(leaf, 0, new Set([leaf.fingerprintSha256]))) return undefined;
  if (signatures > MOST_SIGNATURES)
    return 'there are too many ways from it to a trust anchor to try them all';
  return nearest ?? 'no certificate that comes with it, and no trust anchor, has issued it';
}

function readAll(ders: readonly Uint8Array[], hasher: Hasher): readonly DecodedCertificate[] {
  return ders.flatMap((der) => {
    const read = readStrictly(der, hasher);
    return read.ok ? [read.certificate] : [];
  });
}

/** Why `authority` did not sign the first one; undefined when it did. */
function signatureProblem(
  { signed, signatureAlgorithm }: DecodedCertificate,
  { publicKey }: DecodedCertificate,
  { verifier }: Pick<PathContext, 'verifier'>,
): string | undefined {
  if (signed === undefined || publicKey === undefined) return 'there is no signature or no key to check it';
  if (signatureAlgorithm === undefined || isWeak(signatureAlgorithm, signed.algorithm))
    return `a signature with ${signatureAlgorithm ?? 'an unknown algorithm'} and a broken digest proves nothing`;
  if (publicKey.algorithm.startsWith('RSA') && (publicKey.bits ?? 0) < SHORTEST_RSA)
    return `its RSA key has fewer than ${SHORTEST_RSA} bits`;
  switch (verifier.verify(publicKey.spki, signed.algorithm, signed.data, signed.signature)) {
    case 'good':
      return undefined;
    case 'bad':
      return 'it did not sign the one below';
    case 'cannot-verify-here':
      return 'its signature cannot be checked here';
  }
}

/** Of RSASSA-PSS the digest stands in the parameters, and none there means SHA-1 (RFC 4055, 3.1). */
function isWeak(name: string, algorithm: Uint8Array): boolean {
  if (name === 'RSASSA-PSS') return !toHex(algorithm).includes(SHA_2_ARC);
  return /-(SHA1|MD[25])$/.test(name);
}

/** RFC 5280, 6.1.4 k to n, and its dates. */
function authorityProblem(authority: DecodedCertificate, below: number, now: Date): string | undefined {
  const { facts } = authority;
  if (authority.subject === '') return 'it has no name';
  if (facts.certificateAuthority !== true) return 'it is no CA';
  if (facts.keyUsages?.includes('keyCertSign') !== true)
    return 'its key usage does not let it sign certificates';
  if (facts.pathLength !== undefined && below > facts.pathLength)
    return `more CAs stand below it than the ${facts.pathLength} that it allows`;
  if (facts.nameConstraints !== undefined) return 'it limits names, which is not understood here';
  return dateProblem(authority, now);
}

/** Text of the file's author, for one line of a message. */
function nameOf({ subject, serialNumber }: DecodedCertificate): string {
  const name = subject === undefined || subject === '' ? `the CA number ${serialNumber}` : subject;
  return name.slice(0, 120).replace(/\p{Cc}/gu, '?');
}
