import type { SignatureVerifier } from '../../ports.ts';
import { publicKeyFacts } from '../spki.ts';
import { algorithmIdentifier, algorithmsOf, ecdsaHalf, type JwsAlgorithm } from './algorithm.ts';
import { derFromRaw } from './ecdsaSignature.ts';
import type { Jwt } from './readJwt.ts';

/** A key that may have signed: from the verifier's own configuration, never from the token. */
export interface VerificationKey {
  readonly keyId: string | undefined;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
}

export type SignatureJudgement =
  | { readonly ok: true; readonly key: VerificationKey }
  | { readonly ok: false; readonly cause: 'unknown-key' | 'bad' | 'cannot-tell'; readonly why: string };

/**
 * Whether one of `keys` signed. The key decides which algorithms can be (RFC 8725, 3.1): a token that names another
 * one is refused, so none is ever checked as HMAC or under a weaker scheme. `allowed` narrows it further.
 */
export function verifyJwt(
  jwt: Jwt,
  keys: readonly VerificationKey[],
  verifier: SignatureVerifier,
  allowed?: readonly JwsAlgorithm[],
): SignatureJudgement {
  const named = keys.filter(({ keyId }) => jwt.keyId === undefined || keyId === jwt.keyId);
  if (named.length === 0)
    return { ok: false, cause: 'unknown-key', why: 'it was signed with a key that is not known here' };
  let unclear = false;
  let fitting = 0;
  for (const key of named) {
    const algorithm = algorithmFor(key, jwt, allowed);
    if (algorithm === undefined) continue;
    fitting++;
    const outcome = verifyWith(key, algorithm, jwt, verifier);
    if (outcome === 'good') return { ok: true, key };
    if (outcome === 'cannot-verify-here') unclear = true;
  }
  if (fitting === 0)
    return { ok: false, cause: 'bad', why: 'it names an algorithm that is not the one of its key' };
  if (unclear) return { ok: false, cause: 'cannot-tell', why: 'its signature cannot be checked here' };
  return { ok: false, cause: 'bad', why: 'its signature is wrong' };
}

function algorithmFor(
  { spki }: VerificationKey,
  jwt: Jwt,
  allowed: readonly JwsAlgorithm[] | undefined,
): JwsAlgorithm | undefined {
  const facts = publicKeyFacts(spki);
  const possible = facts === undefined ? [] : algorithmsOf(facts);
  return possible.find((each) => each === jwt.algorithm && (allowed?.includes(each) ?? true));
}

function verifyWith(
  { spki }: VerificationKey,
  algorithm: JwsAlgorithm,
  { signed, signature }: Jwt,
  verifier: SignatureVerifier,
): 'good' | 'bad' | 'cannot-verify-here' {
  const half = ecdsaHalf(algorithm);
  const asX509 = half === undefined ? signature : derFromRaw(signature, half);
  if (asX509 === undefined) return 'bad';
  return verifier.verify(spki, algorithmIdentifier(algorithm), signed, asX509);
}
