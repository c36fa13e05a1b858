/** One path, from its trust anchor down to the certificate that was asked about: RFC 5280, 6.1, with the policies of RFC 9618. */
import { sameOctets } from '../credential/octets.ts';
import type { SignatureVerifier, VerifyOutcome } from '../ports.ts';
import { conformityProblem } from './conformity.ts';
import { comparisonBudget, constraintProblem } from './nameConstraints.ts';
import { sameName } from './nameKey.ts';
import { extensionOf, KEY_USAGE, OID, type PathCertificate } from './pathCertificate.ts';
import { type AnyName, emailsIn, type NameConstraintSet } from './pathNames.ts';
import { type PolicyInputs, policyState } from './policyGraph.ts';
import type { PathProblem, PathReason } from './reason.ts';
import type { Revocation } from './revocation/revocation.ts';
import { isForName, type ReferenceName } from './serverIdentity.ts';

export interface StatusProblem extends Pick<PathReason, 'problem' | 'message'> {
  /** Where it was revoked. */
  readonly revocation?: Revocation;
}

export interface PathInputs {
  readonly now: Date;
  readonly verifier: SignatureVerifier;
  /** OID of the extended key usage that the certificate is wanted for; undefined: any. */
  readonly usage?: string;
  /** Whom it is wanted for; undefined: whoever. */
  readonly name?: ReferenceName;
  readonly policies?: PolicyInputs;
  /** `path`: what RFC 5280, 6.1 wants. `rfc5280`: what it wants of a conforming CA, too. `webpki`: as browsers want it. */
  readonly profile: 'path' | 'rfc5280' | 'webpki';
  /** Asked for each certificate but the anchor; a reason why it must not be used. */
  status?(path: readonly PathCertificate[], at: number): StatusProblem | undefined;
  /** Intermediates that may stand between, those that issue for themselves not counted. */
  readonly maxIntermediates?: number;
}

/** Extensions that are processed here: a critical one besides these decides, and nobody here knows how. */
const PROCESSED: ReadonlySet<string> = new Set([
  OID.keyUsage,
  OID.subjectAltName,
  OID.basicConstraints,
  OID.nameConstraints,
  OID.certificatePolicies,
  OID.policyMappings,
  OID.policyConstraints,
  OID.extKeyUsage,
  OID.inhibitAnyPolicy,
  OID.cRLDistributionPoints,
]);
const ANY_USAGE = '2.5.29.37.0';
const NO_POLICIES: PolicyInputs = { explicit: false, inhibitMapping: false, inhibitAny: false };

/** `path`: the certificate first, its trust anchor last. Undefined: it holds. */
export function pathProblem(path: readonly PathCertificate[], inputs: PathInputs): PathReason | undefined {
  const last = path.length - 1;
  const reason = (problem: PathProblem, at: number, message: string): PathReason => ({
    problem,
    message,
    at,
  });
  const anchor = path[last];
  const leaf = path[0];
  if (anchor === undefined || leaf === undefined) return reason('no-path', 0, 'there is no certificate');
  const budget = comparisonBudget();
  const constraints: NameConstraintSet[] = [];
  const policies = policyState(last, inputs.policies ?? NO_POLICIES);
  let mayFollow = Number.POSITIVE_INFINITY;
  let intermediates = 0;
  for (let at = last; at >= 0; at -= 1) {
    const certificate = path[at];
    if (certificate === undefined) continue;
    const isLeaf = at === 0;
    const own =
      ownProblem(certificate, inputs.now, at) ??
      conformityProblem(certificate, isLeaf, at === last, inputs, at);
    if (own !== undefined) return own;
    const issuer = path[at + 1];
    if (issuer !== undefined) {
      const signature = issuedProblem(certificate, issuer, inputs.verifier);
      if (signature !== undefined) return reason(signature.problem, at, signature.message);
      const status = inputs.status?.(path, at);
      if (status !== undefined) return reason(status.problem, at, status.message);
      if (isLeaf || !certificate.selfIssued) {
        const outside = constraintProblem(namesOf(certificate), constraints, budget);
        if (outside !== undefined) return reason('name-constraints', at, outside);
      }
      const noPolicy = policies.enter(certificate, isLeaf);
      if (noPolicy !== undefined) return reason('policies', at, noPolicy);
    }
    if (isLeaf) break;
    const unfit = issuingProblem(certificate);
    if (unfit !== undefined) return reason(unfit.problem, at, unfit.message);
    if (issuer !== undefined) {
      const badMapping = policies.leave(certificate);
      if (badMapping !== undefined) return reason('policies', at, badMapping);
      if (!certificate.selfIssued) {
        if (mayFollow <= 0)
          return reason('path-too-long', at, 'an authority above allows no further authority below it');
        mayFollow -= 1;
        intermediates += 1;
      }
    }
    mayFollow = Math.min(mayFollow, certificate.pathLength ?? mayFollow);
    if (certificate.nameConstraints !== undefined) constraints.push(certificate.nameConstraints);
  }
  if (intermediates > (inputs.maxIntermediates ?? intermediates))
    return reason('path-too-long', 0, `more than ${inputs.maxIntermediates} authorities stand between`);
  const ended = last === 0 ? undefined : policies.end(leaf);
  if (ended !== undefined) return reason('policies', 0, ended);
  return usageProblem(path, inputs) ?? nameProblem(leaf, inputs);
}

/** What a certificate says of itself, whoever issued it. */
function ownProblem(certificate: PathCertificate, now: Date, at: number): PathReason | undefined {
  const { problems, extensions, notBefore, notAfter, signed } = certificate;
  const [problem] = problems;
  if (problem !== undefined)
    return { problem: 'unreadable', at, message: `${problem.what} cannot be read: ${problem.reason}` };
  const time = now.getTime();
  if (time < Date.parse(notBefore))
    return { problem: 'not-yet-valid', at, message: `it holds from ${notBefore} on` };
  // Dates have no fractions of a second: the last second is over when the next begins (RFC 5280, 4.1.2.5).
  if (Math.floor(time / 1000) > Math.floor(Date.parse(notAfter) / 1000))
    return { problem: 'expired', at, message: `it held until ${notAfter}` };
  const unknown = extensions.find(({ oid, critical }) => critical && !PROCESSED.has(oid));
  if (unknown !== undefined)
    return {
      problem: 'critical-extension',
      at,
      message: `its critical extension ${unknown.oid} is not understood here`,
    };
  if (new Set(extensions.map(({ oid }) => oid)).size < extensions.length)
    return { problem: 'not-conforming', at, message: 'an extension stands twice (RFC 5280, 4.2)' };
  if (!sameOctets(signed.algorithm, signed.declared))
    return {
      problem: 'bad-signature',
      at,
      message: 'the signature algorithm inside and outside of what is signed differ (RFC 5280, 4.1.1.2)',
    };
  return undefined;
}

type Found = Pick<PathReason, 'problem' | 'message'>;

function issuedProblem(
  { issuer, signed }: PathCertificate,
  { subject, spki }: PathCertificate,
  verifier: SignatureVerifier,
): Found | undefined {
  if (!sameName(issuer, subject))
    return { problem: 'no-path', message: 'its issuer is another than who is said to have issued it' };
  const outcome: VerifyOutcome = verifier.verify(spki, signed.algorithm, signed.data, signed.signature);
  switch (outcome) {
    case 'good':
      return undefined;
    case 'bad':
      return { problem: 'bad-signature', message: 'its signature is not by the key of its issuer' };
    case 'cannot-verify-here':
      return { problem: 'cannot-verify', message: 'its signature cannot be checked on this machine' };
    default:
      return outcome satisfies never;
  }
}

/** RFC 5280, 6.1.4 (k), (n). */
function issuingProblem(certificate: PathCertificate): Found | undefined {
  const { version, isAuthority, keyUsage } = certificate;
  if (version !== 3 || isAuthority !== true)
    return {
      problem: 'not-a-ca',
      message:
        extensionOf(certificate, OID.basicConstraints) === undefined
          ? 'it has no basic constraints, so that it may issue nothing'
          : 'its basic constraints say that it is no authority',
    };
  if (keyUsage !== undefined && !keyUsage.has(KEY_USAGE.keyCertSign))
    return { problem: 'key-usage', message: 'its key usage does not allow to sign certificates' };
  return undefined;
}

function namesOf({ subject, alternativeNames = [] }: PathCertificate): readonly AnyName[] {
  const hasAddress = alternativeNames.some(({ kind }) => kind === 'email');
  return [
    ...(subject.length === 0 ? [] : [{ kind: 'directory' as const, name: subject }]),
    ...alternativeNames,
    ...(hasAddress ? [] : emailsIn(subject).map((text) => ({ kind: 'email' as const, text }))),
  ];
}

/** An authority that names usages limits those below it to them, as all implementations have it. */
function usageProblem(path: readonly PathCertificate[], { usage }: PathInputs): PathReason | undefined {
  if (usage === undefined) return undefined;
  for (const [at, { extendedKeyUsage }] of path.slice(0, -1).entries()) {
    if (extendedKeyUsage === undefined || extendedKeyUsage.includes(usage)) continue;
    if (extendedKeyUsage.includes(ANY_USAGE)) continue;
    return { problem: 'extended-key-usage', at, message: 'its extended key usage does not allow this' };
  }
  return undefined;
}

function nameProblem({ alternativeNames }: PathCertificate, { name }: PathInputs): PathReason | undefined {
  if (name === undefined || isForName(alternativeNames ?? [], name)) return undefined;
  return { problem: 'names', at: 0, message: 'none of its alternative names is the one that was asked for' };
}
