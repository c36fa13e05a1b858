/** Finds a path that holds among all that there are (RFC 4158): likely ones first, and no more than anybody needs. */
import { sameOctets, toHex } from '../credential/octets.ts';
import { sameName } from './nameKey.ts';
import { type PathCertificate, sameCertificate } from './pathCertificate.ts';
import { isUndecided, type PathReason } from './reason.ts';
import { type PathInputs, pathProblem } from './validatePath.ts';

export interface PathMaterial {
  readonly anchors: readonly PathCertificate[];
  readonly intermediates: readonly PathCertificate[];
}

export type PathVerdict =
  | { readonly verdict: 'valid'; readonly path: readonly PathCertificate[] }
  | {
      /** `cannot-tell`: something on the way is not processed here, or is missing. */
      readonly verdict: 'invalid' | 'cannot-tell';
      readonly reason: PathReason;
      /** The one that came furthest. */
      readonly path: readonly PathCertificate[];
    };

const LONGEST_PATH = 20;
/** Signatures that are checked for one answer: what needs more is made to keep somebody busy. */
const MOST_SIGNATURES = 200;
const MOST_PATHS = 100;
/** Certificates that are put at the end of a path, over all paths: authorities may certify each other in every order. */
const MOST_STEPS = 2000;

export function buildPath(leaf: PathCertificate, material: PathMaterial, inputs: PathInputs): PathVerdict {
  const checked = remembering(inputs);
  let best: { readonly reason: PathReason; readonly path: readonly PathCertificate[] } | undefined;
  let tried = 0;
  let steps = 0;
  const isSpent = (): boolean => tried >= MOST_PATHS || steps >= MOST_STEPS || checked.spent();
  const note = (path: readonly PathCertificate[], reason: PathReason): void => {
    if (best === undefined || rank(reason) > rank(best.reason)) best = { path, reason };
  };
  const search = (path: readonly PathCertificate[]): readonly PathCertificate[] | undefined => {
    const last = path.at(-1);
    if (last === undefined || path.length > LONGEST_PATH || isSpent()) return undefined;
    steps += 1;
    const isAnchor = material.anchors.some((anchor) => sameCertificate(anchor, last));
    if (isAnchor) {
      tried += 1;
      const reason = pathProblem(path, checked.inputs);
      if (reason === undefined) return path;
      note(path, reason);
      return undefined;
    }
    const issuers = [...material.anchors, ...material.intermediates].filter(
      (each) => sameName(last.issuer, each.subject) && !path.some((other) => isSame(other, each)),
    );
    for (const issuer of likelyFirst(last, issuers, inputs.now)) {
      const { signed } = last;
      if (
        checked.inputs.verifier.verify(issuer.spki, signed.algorithm, signed.data, signed.signature) === 'bad'
      ) {
        note([...path, issuer], { problem: 'bad-signature', at: path.length - 1, message: NOT_BY_ISSUER });
        continue;
      }
      const found = search([...path, issuer]);
      if (found !== undefined) return found;
    }
    if (issuers.length === 0)
      note(path, {
        problem: 'no-path',
        at: path.length - 1,
        message: 'its issuer is not among what is known here',
      });
    return undefined;
  };
  const path = search([leaf]);
  if (path !== undefined) return { verdict: 'valid', path };
  if (isSpent())
    return {
      verdict: 'cannot-tell',
      reason: { problem: 'too-many-paths', at: 0, message: 'there are more paths than anybody needs' },
      path: [leaf],
    };
  const failed = best ?? {
    path: [leaf],
    reason: { problem: 'no-path' as const, at: 0, message: 'there is no path' },
  };
  return { verdict: isUndecided(failed.reason) ? 'cannot-tell' : 'invalid', ...failed };
}

const NOT_BY_ISSUER = 'its signature is not by the key of its issuer';

/** A cross-certificate has the name and the key of one that stands in the path: to take it again leads in circles. */
function isSame(a: PathCertificate, b: PathCertificate): boolean {
  return sameOctets(a.spki, b.spki) && sameName(a.subject, b.subject);
}

/** Of several reasons the one that came closest to a path that holds says most. */
function rank({ problem }: PathReason): number {
  return problem === 'no-path' ? 0 : problem === 'bad-signature' ? 1 : 2;
}

function likelyFirst(
  { authorityKeyId }: PathCertificate,
  issuers: readonly PathCertificate[],
  now: Date,
): readonly PathCertificate[] {
  const time = now.getTime();
  const cost = ({ subjectKeyId, notBefore, notAfter }: PathCertificate): number => {
    const other =
      authorityKeyId !== undefined && subjectKeyId !== undefined && authorityKeyId !== subjectKeyId;
    const over = time < Date.parse(notBefore) || time > Date.parse(notAfter);
    return (other ? 2 : 0) + (over ? 1 : 0);
  };
  return issuers.toSorted((a, b) => cost(a) - cost(b));
}

/** A signature is checked once, in however many paths it stands. */
function remembering(inputs: PathInputs): { readonly inputs: PathInputs; spent(): boolean } {
  const known = new Map<string, ReturnType<PathInputs['verifier']['verify']>>();
  let count = 0;
  return {
    spent: () => count > MOST_SIGNATURES,
    inputs: {
      ...inputs,
      verifier: {
        verify(spki, algorithm, data, signature) {
          // What is outside of the signed part may be changed by anybody: the algorithm counts, too.
          const key = [spki, algorithm, signature, data].map(toHex).join(' ');
          const before = known.get(key);
          if (before !== undefined) return before;
          count += 1;
          const outcome =
            count > MOST_SIGNATURES
              ? 'cannot-verify-here'
              : inputs.verifier.verify(spki, algorithm, data, signature);
          known.set(key, outcome);
          return outcome;
        },
      },
    },
  };
}
