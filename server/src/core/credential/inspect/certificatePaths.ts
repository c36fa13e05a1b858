/**
 * From each end certificate of a file up to a root, over what is in the file and what the project knows besides: for a
 * person who asks what is missing or wrong in a chain. What decides about trust is the path validation of who relies on it.
 */
import type { SignatureVerifier } from '../../ports.ts';
import type { DecodedCertificate } from '../certificate.ts';
import { authorityProblem, dateProblem, signatureProblem } from '../spiffe/certificatePath.ts';

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
  /** What a person should know of it, and is no fault. */
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
const MOST_LINKS = 10;
/** CAs of one name are many in a hostile file; each costs a verification. */
const MOST_SIGNATURES = 60;

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
  // Anchors first: a path that leads to one should.
  for (const candidate of known) if (candidate.origin.where === 'bundle') add(candidate);
  for (const certificate of inFile) add({ certificate, origin: { where: 'file' } });
  for (const candidate of known) if (candidate.origin.where !== 'bundle') add(candidate);
  const find = (name: string): readonly Candidate[] => bySubject.get(name) ?? [];
  return startsOf(inFile)
    .slice(0, MOST_PATHS)
    .map((certificate) => climb(certificate, find, tools));
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

function climb(
  leaf: DecodedCertificate,
  find: (subject: string) => readonly Candidate[],
  tools: PathTools,
): BuiltPath {
  const links: PathLink[] = [
    {
      certificate: leaf,
      origin: { where: 'file' },
      problem: dateProblem(leaf, tools.now),
      note: undefined,
    },
  ];
  const used = new Set([leaf.fingerprintSha256]);
  let signatures = 0;
  let below = 0;
  for (let current = leaf; ; ) {
    if (current.selfIssued && signatureProblem(current, current, tools) === undefined)
      return { links, end: links.at(-1)?.origin.where === 'bundle' ? 'anchor' : 'root' };
    if (links.length >= MOST_LINKS) return { links, end: 'too-long' };
    const named = find(current.issuer ?? '').filter(
      ({ certificate }) => !used.has(certificate.fingerprintSha256),
    );
    let wrong: { readonly candidate: Candidate; readonly problem: string } | undefined;
    const fitting: Candidate[] = [];
    for (const candidate of named) {
      if (++signatures > MOST_SIGNATURES) break;
      const problem = signatureProblem(current, candidate.certificate, tools);
      if (problem === undefined) fitting.push(candidate);
      else wrong ??= { candidate, problem };
    }
    const next = fitting.find(({ certificate }) => dateProblem(certificate, tools.now) === undefined);
    const chosen = next ?? fitting[0];
    if (chosen === undefined) {
      if (wrong === undefined) return { links, end: 'missing' };
      links.push({ ...wrong.candidate, problem: wrong.problem, note: undefined });
      return { links, end: 'broken' };
    }
    links.push({ ...chosen, ...judged(chosen.certificate, below, tools.now) });
    if (chosen.origin.where === 'bundle') return { links, end: 'anchor' };
    used.add(chosen.certificate.fingerprintSha256);
    if (!chosen.certificate.selfIssued) below++;
    current = chosen.certificate;
  }
}

function judged(authority: DecodedCertificate, below: number, now: Date): Pick<PathLink, 'problem' | 'note'> {
  const { nameConstraints, ...facts } = authority.facts;
  return {
    problem: authorityProblem({ ...authority, facts }, below, now),
    note:
      nameConstraints === undefined
        ? undefined
        : 'it limits which names may stand below it, and that is not checked here',
  };
}
