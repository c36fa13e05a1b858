/** What revocation lists say of a certificate: RFC 5280, 6.3, with differences and lists that others issue. */
import { DerError } from '../../credential/der.ts';
import { sameOctets } from '../../credential/octets.ts';
import type { SignatureVerifier } from '../../ports.ts';
import { sameName } from '../nameKey.ts';
import { KEY_USAGE, OID, type PathCertificate } from '../pathCertificate.ts';
import { type DistributionPoint, isOneOf, pointsOf, samePoint } from './distributionPoint.ts';
import { ALL_REASONS, type CrlEntry, entryFor, type PathCrl, REMOVED } from './pathCrl.ts';
import { type Revocation, reasonText } from './revocation.ts';

export interface CrlInputs {
  readonly crls: readonly PathCrl[];
  readonly now: Date;
  readonly verifier: SignatureVerifier;
  /** Lists are held to what RFC 5280 wants of a conforming issuer, too. */
  readonly conforming: boolean;
  /** Who may have signed a list in this name, each with a path of its own to the same trust anchor. */
  signersOf(crl: PathCrl): readonly PathCertificate[];
}

/** What a list may have that is critical. */
const PROCESSED: ReadonlySet<string> = new Set([OID.issuingDistributionPoint, OID.deltaCRLIndicator]);
const NONE = 'no revocation list is for it';

export function crlStatus(certificate: PathCertificate, inputs: CrlInputs): Revocation {
  let covered = 0;
  let why = NONE;
  const usable = new Map<PathCrl, string | undefined>();
  const problemOf = (crl: PathCrl): string | undefined => {
    if (!usable.has(crl)) usable.set(crl, listProblem(crl, inputs));
    return usable.get(crl);
  };
  try {
    for (const point of pointsOf(certificate)) {
      for (const crl of inputs.crls) {
        if (crl.baseNumber !== undefined || !isFor(crl, point, certificate)) continue;
        const reasons = point.reasons & (crl.scope?.reasons ?? ALL_REASONS);
        if ((reasons & ~covered) === 0) continue;
        const problem = problemOf(crl);
        if (problem !== undefined) {
          why = problem;
          continue;
        }
        const delta = newestDelta(
          crl,
          inputs.crls.filter((each) => problemOf(each) === undefined),
        );
        if (isStale(delta ?? crl, inputs.now)) {
          why = 'the revocation list that is for it is out of date';
          continue;
        }
        const entry = entryOf(certificate, crl, delta);
        if (entry !== undefined)
          return { status: 'revoked', at: entry.revokedAt, reason: reasonText(entry.reason) };
        covered |= reasons;
      }
    }
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return { status: 'unknown', why: `a revocation list cannot be read: ${error.message}` };
  }
  // Bit 0 is unused: lists that are split by reasons need not have it.
  const all = ALL_REASONS & ~0x100;
  return (covered & all) === all ? { status: 'good' } : { status: 'unknown', why };
}

/** Its scope holds the certificate (RFC 5280, 6.3.3 (b)). */
function isFor({ issuer, scope }: PathCrl, point: DistributionPoint, certificate: PathCertificate): boolean {
  if (point.issuers.length > 0) {
    if (!isOneOf(issuer, point.issuers)) return false;
    // Another issuer's list is for it only where that says so itself.
    if (!sameName(issuer, certificate.issuer) && scope?.indirect !== true) return false;
  } else if (!sameName(issuer, certificate.issuer)) return false;
  if (scope === undefined) return true;
  if (scope.name !== undefined && !samePoint(point, scope.name, certificate.issuer)) return false;
  const isAuthority = certificate.isAuthority === true;
  return (
    !scope.onlyAttributes && !(scope.onlyUsers && isAuthority) && !(scope.onlyAuthorities && !isAuthority)
  );
}

/** Why nothing follows from this list; its date is another matter, since a difference may be newer. */
function listProblem(crl: PathCrl, { now, verifier, conforming, signersOf }: CrlInputs): string | undefined {
  const unknown = crl.extensions.find(({ oid, critical }) => critical && !PROCESSED.has(oid));
  if (unknown !== undefined)
    return `the critical extension ${unknown.oid} of the revocation list is not understood here`;
  if (now.getTime() < Date.parse(crl.thisUpdate)) return 'the revocation list is of a later day';
  if (conforming && crl.number === undefined) return 'the revocation list has no number (RFC 5280, 5.2.3)';
  if (!sameOctets(crl.signed.algorithm, crl.signed.declared))
    return 'the revocation list names two signature algorithms (RFC 5280, 5.1.1.2)';
  const signers = signersOf(crl);
  if (signers.length === 0) return 'nobody is known here who may sign the revocation list';
  const { algorithm, data, signature } = crl.signed;
  let why = 'the signature of the revocation list is by nobody who may sign it';
  for (const signer of signers) {
    if (signer.keyUsage !== undefined && !signer.keyUsage.has(KEY_USAGE.cRLSign)) {
      why = 'the key usage of who signed the revocation list does not allow that';
      continue;
    }
    const outcome = verifier.verify(signer.spki, algorithm, data, signature);
    if (outcome === 'good') return undefined;
    if (outcome === 'cannot-verify-here')
      why = 'the signature of the revocation list cannot be checked on this machine';
  }
  return why;
}

function isStale({ nextUpdate }: PathCrl, now: Date): boolean {
  return nextUpdate === undefined || now.getTime() > Date.parse(nextUpdate);
}

/** RFC 5280, 6.3.3 (c): of the same issuer and scope, for this list or an older one, and newer than it. */
function newestDelta(crl: PathCrl, crls: readonly PathCrl[]): PathCrl | undefined {
  const { number } = crl;
  if (number === undefined) return undefined;
  return crls
    .filter(
      ({ issuer, scope, baseNumber, number: own }) =>
        baseNumber !== undefined &&
        own !== undefined &&
        baseNumber <= number &&
        own >= number &&
        sameName(issuer, crl.issuer) &&
        sameScope(scope?.der, crl.scope?.der),
    )
    .reduce<PathCrl | undefined>(
      (newest, each) => ((newest?.number ?? -1n) < (each.number ?? 0n) ? each : newest),
      undefined,
    );
}

function sameScope(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return sameOctets(a, b);
}

function entryOf(
  { serial, issuer }: PathCertificate,
  crl: PathCrl,
  delta: PathCrl | undefined,
): CrlEntry | undefined {
  const changed = delta && entryFor(delta, serial, issuer);
  if (changed !== undefined) return changed.reason === REMOVED ? undefined : changed;
  return entryFor(crl, serial, issuer);
}
