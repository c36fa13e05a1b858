/** JWT-SVIDs (JWT-SVID standard): a JWT whose subject is a SPIFFE ID, meant for one audience and for a short time. */
import type { SignatureVerifier } from '../../ports.ts';
import { algorithmsOf, type JwsAlgorithm } from '../jwt/algorithm.ts';
import { claimsProblem, readClaims } from '../jwt/claims.ts';
import { readJwt } from '../jwt/readJwt.ts';
import { verifyJwt } from '../jwt/verifyJwt.ts';
import { publicKeyFacts } from '../spki.ts';
import type { TrustBundle } from './trustBundle.ts';
import { idProblem, type SvidJudgement } from './x509Svid.ts';

/** JWT-SVID 2.1: these and no others; EdDSA is not among them. */
const ALGORITHMS: readonly JwsAlgorithm[] = [
  'RS256',
  'RS384',
  'RS512',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
];
/** JWT-SVID 2: no header beside these. */
const HEADERS = ['alg', 'kid', 'typ'];
/** JWT-SVID 2.3. */
const TYPES: readonly (string | undefined)[] = [undefined, 'JWT', 'JOSE'];

/** Whether a key can sign JWT-SVIDs at all. `spki`: DER. */
export function signsJwtSvids(spki: Uint8Array): boolean {
  const facts = publicKeyFacts(spki);
  return facts !== undefined && algorithmsOf(facts).some((algorithm) => ALGORITHMS.includes(algorithm));
}

/** Judges a token that was presented to `audience` against the JWT authorities of a bundle (JWT-SVID 2 to 4). */
export function judgeJwtSvid(
  token: string,
  audience: string,
  bundle: TrustBundle,
  at: { readonly now: Date; readonly leewaySeconds: number; readonly verifier: SignatureVerifier },
): SvidJudgement {
  const read = readJwt(token);
  if (!read.ok) return { valid: false, spiffeId: null, why: `the token cannot be relied on: ${read.why}` };
  const { jwt } = read;
  const registered = readClaims(jwt.claims);
  if (!registered.ok) return { valid: false, spiffeId: null, why: registered.why };
  const { claims } = registered;
  const { subject, expiresAt } = claims;
  const no = (why: string): SvidJudgement => ({ valid: false, spiffeId: subject ?? null, why });
  if (Object.keys(jwt.header).some((name) => !HEADERS.includes(name)))
    return no('its header has more than alg, kid and typ (JWT-SVID 2)');
  if (!TYPES.includes(jwt.type)) return no('its type is neither JWT nor JOSE (typ)');
  if (!ALGORITHMS.some((algorithm) => algorithm === jwt.algorithm))
    return no('its algorithm is none that JWT-SVIDs may have (JWT-SVID 2.1)');
  if (subject === undefined) return no('it names no subject (sub)');
  if (expiresAt === undefined) return no('it never expires (exp)');
  if (claims.audience.length === 0) return no('it names no audience (aud)');
  const wrongName = idProblem(subject, bundle.trustDomain);
  if (wrongName !== undefined) return no(wrongName);
  const signature = verifyJwt(jwt, bundle.jwtAuthorities, at.verifier, ALGORITHMS);
  if (!signature.ok) return no(signature.why);
  const wrong = claimsProblem(claims, { now: at.now, leewaySeconds: at.leewaySeconds, audience });
  if (wrong !== undefined) return no(wrong);
  return { valid: true, spiffeId: subject, notAfter: expiresAt.toISOString() };
}
