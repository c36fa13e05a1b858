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

export interface Judgement {
  readonly verdict: PathVerdict;
  /** Of the certificate itself; null: nothing that tells of revocations was given, or nobody is known who issued it. */
  readonly revocation: (Revocation & { readonly source: 'crl' | 'ocsp' }) | null;
}

/**
 * A path is looked for without asking for revocations, and then again with them: so a revoked certificate is told as that,
 * and one of which nothing tells is not called invalid.
 */
export function judgePath(leaf: PathCertificate, material: PathMaterial, inputs: JudgeInputs): Judgement {
  const { crls, answers } = inputs;
  const base: PathInputs = {
    now: inputs.now,
    verifier: inputs.verifier,
    profile: inputs.profile,
    ...(inputs.usage === undefined ? {} : { usage: inputs.usage }),
    ...(inputs.name === undefined ? {} : { name: inputs.name }),
  };
  const byLists = statusByLists(crls, material, base, true);
  const statusOf: NonNullable<PathInputs['status']> = (path, at) => {
    const certificate = path[at];
    const issuer = path[at + 1];
    if (certificate === undefined || issuer === undefined) return undefined;
    const answered = ocspStatus(certificate, issuer, inputs);
    if (answered.status === 'good') return undefined;
    if (answered.status === 'revoked') return revokedReason(answered);
    return byLists(path, at);
  };
  const verdict = buildPath(leaf, material, {
    ...base,
    status: (path, at) => {
      const found = statusOf(path, at);
      return found?.problem === 'revoked' ? found : undefined;
    },
  });
  return { verdict, revocation: crls.length + answers.length === 0 ? null : revocationOf(verdict) };

  function revocationOf({ path }: PathVerdict): Judgement['revocation'] {
    const [certificate, issuer] = path;
    if (certificate === undefined || issuer === undefined) return null;
    const answered = ocspStatus(certificate, issuer, inputs);
    if (answered.status !== 'unknown' || crls.length === 0) return { ...answered, source: 'ocsp' };
    const listed = byLists(path, 0);
    if (listed === undefined) return { status: 'good', source: 'crl' };
    return listed.problem === 'revoked'
      ? { ...(listed.revocation ?? { status: 'unknown', why: listed.message }), source: 'crl' }
      : { status: 'unknown', why: listed.message, source: 'crl' };
  }
}
