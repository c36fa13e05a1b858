/**
 * From each end certificate of a file up to a root, over what is in the file and what the project knows besides: for a
 * person who asks what is missing or wrong in a chain. Whether it holds is `core/path`'s to say, as for everybody else.
 */
import { buildPath, type PathVerdict } from '../../path/buildPath.ts';
import { type PathCertificate, readPathCertificate } from '../../path/pathCertificate.ts';
import { isUndecided } from '../../path/reason.ts';
import type { SignatureVerifier } from '../../ports.ts';
import type { DecodedCertificate } from '../certificate.ts';

/** Where a certificate of a path was found. */
export type Origin =
  | { readonly where: 'file' }
  /** A trust anchor of the project. */
  | { readonly where: 'bundle'; readonly name: string }
  /** What the project knows and does not trust for that alone. */
  | { readonly where: 'project'; readonly name: string };

export interface Candidate {
  readonly certificate: DecodedCertificate;
  readonly origin: Origin;
}

export interface PathLink extends Candidate {
  /** Why the path does not hold here. */
  readonly problem: string | undefined;
  /** Why it cannot be told here whether it holds. */
  readonly note: string | undefined;
}

export interface BuiltPath {
  /** Leaf first. */
  readonly links: readonly PathLink[];
  /**
   * `anchor`: a trust bundle of the project names the last one. `root`: it signed itself. `missing`: who issued it is not
   * here. `broken`: one of that name is here, and did not sign it. `too-long`: given up.
   */
  readonly end: 'anchor' | 'root' | 'missing' | 'broken' | 'too-long';
}

interface PathTools {
  readonly now: Date;
  readonly verifier: SignatureVerifier;
}

/** Above this a file is a bundle, and no chain. */
const MOST_PATHS = 20;
/** Authorities above one certificate, by their names; a hostile file has more of one name. */
const MOST_ABOVE = 200;

export function certificatePaths(
  inFile: readonly DecodedCertificate[],
  known: readonly Candidate[],
  tools: PathTools,
): readonly BuiltPath[] {
  const bySubject = new Map<string, Candidate[]>();
  const add = (candidate: Candidate): void => {
    const { subject } = candidate.certificate;
    if (subject === undefined || subject === '') return;
    const same = bySubject.get(subject);
    if (same === undefined) bySubject.set(subject, [candidate]);
    else same.push(candidate);
  };
  // Anchors first: what is one, and lies in the file besides, is told as one.
  for (const candidate of known) if (candidate.origin.where === 'bundle') add(candidate);
  for (const certificate of inFile) add({ certificate, origin: { where: 'file' } });
  for (const candidate of known) if (candidate.origin.where !== 'bundle') add(candidate);
  return startsOf(inFile)
    .slice(0, MOST_PATHS)
    .flatMap((certificate) => pathOf(certificate, above(certificate, bySubject), tools) ?? []);
}

/** Those that issued no other certificate of the file; a root that stands alone is the end of no path. */
function startsOf(certificates: readonly DecodedCertificate[]): readonly DecodedCertificate[] {
  const issuers = new Set(certificates.filter(({ selfIssued }) => !selfIssued).map(({ issuer }) => issuer));
  const distinct = new Map(certificates.map((each) => [each.fingerprintSha256, each]));
  return [...distinct.values()].filter(
    ({ subject, selfIssued, facts }) =>
      !issuers.has(subject) && !(selfIssued && facts.certificateAuthority === true),
  );
}

/** Whoever may stand above it, by name, each certificate once. */
function above(
  leaf: DecodedCertificate,
  bySubject: ReadonlyMap<string, readonly Candidate[]>,
): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  const names = new Set<string>();
  const waiting = [leaf.issuer ?? ''];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    for (const candidate of bySubject.get(name) ?? []) {
      const { fingerprintSha256, issuer } = candidate.certificate;
      if (found.size >= MOST_ABOVE) return [...found.values()];
      if (!found.has(fingerprintSha256)) found.set(fingerprintSha256, candidate);
      waiting.push(issuer ?? '');
    }
  }
  return [...found.values()];
}

/** Undefined: not even the certificate itself can be read as a path needs it, which its own findings say. */
function pathOf(
  leaf: DecodedCertificate,
  candidates: readonly Candidate[],
  { now, verifier }: PathTools,
): BuiltPath | undefined {
  const start = readPathCertificate(leaf.der).value;
  if (start === undefined) return undefined;
  const origins = new Map<PathCertificate, Candidate>([
    [start, { certificate: leaf, origin: { where: 'file' } }],
  ]);
  for (const candidate of candidates) {
    const { value } = readPathCertificate(candidate.certificate.der);
    if (value !== undefined) origins.set(value, candidate);
  }
  const read = [...origins.keys()].slice(1);
  const inputs = { now, verifier, profile: 'path' } as const;
  const upTo = (anchors: readonly PathCertificate[]): PathVerdict =>
    buildPath(start, { anchors, intermediates: read.filter((each) => !anchors.includes(each)) }, inputs);
  const trusted = upTo(read.filter((each) => origins.get(each)?.origin.where === 'bundle'));
  const linksOf = (verdict: PathVerdict): readonly PathLink[] =>
    verdict.path.flatMap((each, at) => {
      const candidate = origins.get(each);
      return candidate === undefined ? [] : [{ ...candidate, ...told(verdict, at, now) }];
    });
  if (trusted.verdict === 'valid') return { links: linksOf(trusted), end: 'anchor' };
  // Whom the project does not trust may be a root all the same; one that stands alone vouches for itself.
  const roots = [start, ...read].filter(({ selfIssued }) => selfIssued);
  const untrusted = upTo(roots);
  const best = untrusted.verdict === 'valid' || rank(untrusted) > rank(trusted) ? untrusted : trusted;
  const links = linksOf(best);
  return { links, end: endOf(best, links) };
}

/** The one that came further says more. */
function rank(verdict: PathVerdict): number {
  if (verdict.verdict === 'valid') return Number.POSITIVE_INFINITY;
  const { problem } = verdict.reason;
  return (problem === 'no-path' ? 0 : problem === 'bad-signature' ? 1 : 100) + verdict.path.length;
}

function endOf(verdict: PathVerdict, links: readonly PathLink[]): BuiltPath['end'] {
  const problem = verdict.verdict === 'valid' ? undefined : verdict.reason.problem;
  switch (problem) {
    case 'no-path':
      return 'missing';
    case 'bad-signature':
      return 'broken';
    case 'too-many-paths':
      return 'too-long';
    default:
      return links.at(-1)?.origin.where === 'bundle' ? 'anchor' : 'root';
  }
}

function told(verdict: PathVerdict, at: number, now: Date): Pick<PathLink, 'problem' | 'note'> {
  const nothing = { problem: undefined, note: undefined };
  if (verdict.verdict === 'valid') return nothing;
  // A path has one reason; what has ended besides would be in the way next.
  if (verdict.reason.at !== at) return { ...nothing, problem: dateProblem(verdict.path[at], now) };
  const { problem, message } = verdict.reason;
  // That somebody is missing is told in the place where he should stand.
  if (problem === 'no-path' || problem === 'too-many-paths')
    return { ...nothing, problem: dateProblem(verdict.path[at], now) };
  return isUndecided(verdict.reason) ? { ...nothing, note: message } : { ...nothing, problem: message };
}

function dateProblem(certificate: PathCertificate | undefined, now: Date): string | undefined {
  if (certificate === undefined) return undefined;
  const { notBefore, notAfter } = certificate;
  if (now.getTime() < Date.parse(notBefore)) return `it holds from ${notBefore} on`;
  return now.getTime() > Date.parse(notAfter) ? `it held until ${notAfter}` : undefined;
}
