/** A certificate judged with what is fetched for it: authorities that are missing, and the status of each on the path. */
import { toHex } from '../../core/credential/octets.ts';
import type { PathMaterial, PathVerdict } from '../../core/path/buildPath.ts';
import { type JudgeInputs, judgePath } from '../../core/path/judgePath.ts';
import type { PathCertificate } from '../../core/path/pathCertificate.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { collect, type FetchedStatus, inputsOf, materialOf } from './collected.ts';
import { fetchIssuers } from './fetchIssuers.ts';
import { fetchStatus } from './fetchStatus.ts';
import type { StatusSources } from './sources.ts';

export interface OutsideJudgement {
  readonly verdict: PathVerdict;
  /** Of each certificate of the path that another one of it issued, in its order. */
  readonly statuses: readonly FetchedStatus[];
  /** Why authorities that are missing were not found. */
  readonly notes: readonly string[];
}

/** Authorities that are fetched one above the other. */
const MOST_ISSUERS = 6;
/** A revoked authority may have a path around it, whose certificates are asked about, too. */
const MOST_PATHS = 3;

export async function judgeOutside(
  leaf: PathCertificate,
  material: PathMaterial,
  inputs: JudgeInputs,
  sources: StatusSources,
  signal: AbortSignal,
): Promise<OutsideJudgement> {
  const collected = collect(material, inputs);
  const judge = (): PathVerdict => judgePath(leaf, materialOf(collected), inputsOf(collected)).verdict;
  const notes: string[] = [];
  let verdict = judge();
  for (let round = 0; round < MOST_ISSUERS; round += 1) {
    const wanted = withoutIssuer(verdict);
    if (wanted === undefined) break;
    const fetched = await fetchIssuers(wanted, sources, signal);
    notes.push(...fetched.notes);
    const before = collected.intermediates.size;
    for (const each of fetched.found) collected.intermediates.set(idOf(each), each);
    if (collected.intermediates.size === before) break;
    verdict = judge();
  }
  const statuses = new Map<string, FetchedStatus>();
  for (let round = 0; round < MOST_PATHS; round += 1) {
    let isNew = false;
    for (const at of issuedPlaces(verdict)) {
      const id = idOf(verdict.path[at]);
      if (statuses.has(id)) continue;
      isNew = true;
      statuses.set(id, await fetchStatus(verdict.path, at, collected, sources, signal));
    }
    if (!isNew) break;
    verdict = judge();
  }
  const shown = issuedPlaces(verdict).flatMap((at) => statuses.get(idOf(verdict.path[at])) ?? []);
  return { verdict, statuses: shown, notes: verdict.verdict === 'valid' ? [] : notes };

  /** Nobody is asked about a certificate that its issuer did not sign: it says who is asked. */
  function issuedPlaces({ path }: PathVerdict): readonly number[] {
    const places: number[] = [];
    for (const [at, { signed }] of path.entries()) {
      const issuer = path[at + 1];
      if (issuer === undefined) break;
      const { algorithm, data, signature } = signed;
      if (inputs.verifier.verify(issuer.spki, algorithm, data, signature) !== 'good') break;
      places.push(at);
    }
    return places;
  }
}

/** The certificate whose issuer is missing, is another one, or whose known issuer has ended and may have been made anew. */
function withoutIssuer(verdict: PathVerdict): PathCertificate | undefined {
  if (verdict.verdict === 'valid') return undefined;
  const { problem, at } = verdict.reason;
  switch (problem) {
    case 'no-path':
    case 'bad-signature':
      return verdict.path[at];
    case 'expired':
      return at === 0 ? undefined : verdict.path[at - 1];
    default:
      return undefined;
  }
}

function idOf(certificate: PathCertificate | undefined): string {
  return certificate === undefined ? '' : toHex(nodeHasher.hash('sha256', certificate.der));
}
