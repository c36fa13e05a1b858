import { readClaims } from '../../../core/credential/jwt/claims.ts';
import { readJwt } from '../../../core/credential/jwt/readJwt.ts';
import { verifyJwt } from '../../../core/credential/jwt/verifyJwt.ts';
import { isOpaqueToken, looksOpaque } from '../../../core/credential/opaqueToken.ts';
import { tokenFingerprint } from '../../../core/credential/tokenFingerprint.ts';
import { formatInstant } from '../../../core/text/instant.ts';
import { nodeSignatureVerifier } from '../../../platform/crypto/signatureVerifier.ts';
import type { TokenVerdict } from '../../contract.ts';
import type { TokenParts } from './issuance.ts';
import { BY_FINGERPRINT, type TokenEntry, tokenFacts } from './ledger.ts';

type Found = { readonly entry: TokenEntry } | { readonly why: string };

const NOT_OURS = 'it was not issued here';

/** RFC 7662, 2.2 with the reason: whether a token that somebody presents counts at this moment. */
export async function checkToken(presented: string, parts: TokenParts): Promise<TokenVerdict> {
  // Files end with a line end, and people copy one along.
  const token = presented.trim();
  const found = looksOpaque(token) ? await findOpaque(token, parts) : await findJwt(token, parts);
  if ('why' in found) return { active: false, why: found.why };
  const { entry } = found;
  const revoked = await parts.ledger.revocationOf(entry.serialNumber);
  if (revoked !== undefined)
    return { active: false, why: `it was revoked at ${formatInstant(revoked.at)} (${revoked.reason})` };
  const now = parts.context.clock.now();
  if (now >= new Date(entry.notAfter))
    return { active: false, why: `it expired at ${formatInstant(entry.notAfter)}` };
  if (now < new Date(entry.notBefore))
    return { active: false, why: `it is not valid before ${formatInstant(entry.notBefore)}` };
  return { active: true, entry: tokenFacts(entry, undefined) };
}

async function findOpaque(token: string, { ledger, context }: TokenParts): Promise<Found> {
  if (!isOpaqueToken(token)) return { why: 'it is damaged: its form or its checksum is wrong' };
  const fingerprint = tokenFingerprint(token, context.hasher);
  const entries = await ledger.byMark(BY_FINGERPRINT, fingerprint);
  const entry = entries.find(
    ({ format, fingerprintSha256 }) => format === 'opaque' && fingerprintSha256 === fingerprint,
  );
  return entry === undefined ? { why: NOT_OURS } : { entry };
}

/** The signature comes first: nothing that a stranger wrote is looked up. */
async function findJwt(token: string, { ledger, keys, context }: TokenParts): Promise<Found> {
  const read = readJwt(token);
  if (!read.ok) return { why: `it is no token that can be relied on: ${read.why}` };
  const signature = verifyJwt(read.jwt, await keys.list(), nodeSignatureVerifier);
  if (!signature.ok) return { why: signature.cause === 'unknown-key' ? NOT_OURS : signature.why };
  const registered = readClaims(read.jwt.claims);
  if (!registered.ok) return { why: registered.why };
  const { tokenId } = registered.claims;
  const entry = tokenId === undefined ? undefined : await ledger.bySerialNumber(tokenId);
  if (entry === undefined || entry.fingerprintSha256 !== tokenFingerprint(token, context.hasher))
    return { why: 'it was signed with a key of this issuer, but is not in its list' };
  return { entry };
}
