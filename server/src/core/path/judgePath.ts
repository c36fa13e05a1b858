/** One certificate against what is trusted and what is known of revocations: the answer that a person and a script get. */
import type { Hasher, SignatureVerifier } from '../ports.ts';
import { buildPath, type PathMaterial, type PathVerdict } from './buildPath.ts';
import type { PathCertificate } from './pathCertificate.ts';
import { ocspStatus } from './revocation/ocspStatus.ts';
import type { PathCrl } from './revocation/pathCrl.ts';
import type { PathOcsp } from './revocation/pathOcsp.ts';
import { type Revocation, revokedReason } from './revocation/revocation.ts';
import { statusByLists } from './revokedInPath.ts';
import type { ReferenceName } from './serverIdentity.ts';
import type { PathInputs } from './validatePath.ts';

export interface JudgeInputs {
  readonly now: Date;
  readonly hasher: Hasher;
  readonly verifier: SignatureVerifier;
  readonly profile: PathInputs['profile'];
  readonly usage?: string;
  readonly name?: ReferenceName;
  readonly crls: readonly PathCrl[];
  readonly answers: readonly PathOcsp[];
}

export type KnownStatus = Revocation & { readonly source: 'crl' | 'ocsp' };

export interface Judgement {
  readonly verdict: PathVerdict;
  /** Of the certificate itself; null: nothing that tells of revocations was given, or nobody is known who issued it. */
  readonly revocation: KnownStatus | null;
}

/**
 * A path is looked for without asking for revocations, and then again with them: so a revoked certificate is told as that,
 * and one of which nothing tells is not called invalid.
 */
export function judgePath(leaf: PathCertificate, material: PathMaterial, inputs: JudgeInputs): Judgement {
  const statusAt = statusIn(material, inputs);
  const verdict = buildPath(leaf, material, {
    ...pathInputs(inputs),
    status: (path, at) => {
      const found = statusAt(path, at);
      return found?.status === 'revoked' ? revokedReason(found) : undefined;
    },
  });
  const isAsked = inputs.crls.length + inputs.answers.length > 0;
  return { verdict, revocation: isAsked ? (statusAt(verdict.path, 0) ?? null) : null };
}

/** What answers and lists tell of a certificate in a path; answers first, since they are newer. Undefined: nobody issued it. */
export function statusIn(
  material: PathMaterial,
  inputs: JudgeInputs,
): (path: readonly PathCertificate[], at: number) => KnownStatus | undefined {
  const { crls } = inputs;
  const byLists = statusByLists(crls, material, pathInputs(inputs), true);
  return (path, at) => {
    const certificate = path[at];
    const issuer = path[at + 1];
    if (certificate === undefined || issuer === undefined) return undefined;
    const answered = ocspStatus(certificate, issuer, inputs);
    if (answered.status !== 'unknown' || crls.length === 0) return { ...answered, source: 'ocsp' };
    const listed = byLists(path, at);
    if (listed === undefined) return { status: 'good', source: 'crl' };
    const unknown = { status: 'unknown', why: listed.message } as const;
    return { ...(listed.revocation ?? unknown), source: 'crl' };
  };
}

function pathInputs({ now, verifier, profile, usage, name }: JudgeInputs): PathInputs {
  return {
    now,
    verifier,
    profile,
    ...(usage === undefined ? {} : { usage }),
    ...(name === undefined ? {} : { name }),
  };
}
