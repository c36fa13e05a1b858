import type { Cancellation, Signer } from '../../ports.ts';
import { encodeBase64Url } from '../base64url.ts';
import { encodeUtf8 } from '../charset.ts';
import type { JsonObject } from '../uniqueJson.ts';
import { ecdsaHalf, signingAlgorithm } from './algorithm.ts';
import { rawFromDer } from './ecdsaSignature.ts';

/**
 * A signed JWT in compact form (RFC 7515, 7.1). The same claims and key give the same text up to the signature, which
 * is random with ECDSA. Throws what the signer throws.
 */
export async function buildJwt(
  content: { readonly keyId: string; readonly claims: JsonObject },
  signer: Signer,
  signal: Cancellation,
): Promise<string> {
  const algorithm = signingAlgorithm(signer.algorithm);
  if (algorithm === undefined) throw new Error(`no JWT is signed with ${signer.algorithm}`);
  const header = { alg: algorithm, kid: content.keyId, typ: 'JWT' };
  const input = [header, content.claims]
    .map((part) => encodeBase64Url(encodeUtf8(JSON.stringify(part))))
    .join('.');
  const signature = await signer.sign(encodeUtf8(input), signal);
  const half = ecdsaHalf(algorithm);
  const raw = half === undefined ? signature : rawFromDer(signature, half);
  if (raw === undefined) throw new Error(`the signer gave no ${algorithm} signature`);
  return `${input}.${encodeBase64Url(raw)}`;
}
