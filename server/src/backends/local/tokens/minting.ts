import { buildJwt } from '../../../core/credential/jwt/buildJwt.ts';
import { opaqueToken } from '../../../core/credential/opaqueToken.ts';
import { Secret } from '../../../core/secret.ts';
import { nodeDecryptor } from '../../../platform/crypto/decryptor.ts';
import type { BackendContext } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import type { TokenEntry } from './ledger.ts';
import type { SigningKeys } from './signingKeys.ts';

/** What decides a token; its fingerprint follows from it. */
export type TokenContent = Omit<TokenEntry, 'fingerprintSha256'>;

export interface Mint {
  /** The token of an entry: the same each time, but for the signature of a JWT. */
  tokenOf(content: TokenContent, signal: AbortSignal): Promise<Secret<string>>;
  /** Makes what opaque tokens are derived from, where it is not there yet. Under the lock of the ledger. */
  prepareOpaque(): Promise<void>;
}

const SECRET = 'opaque';
const SECRET_OCTETS = 32;
/** Keeps this use of the secret apart from any other. */
const PURPOSE = 'idac opaque token v1\n';

export function openMint(context: BackendContext, keys: SigningKeys): Mint {
  const sealed = context.sealed.scope('tokens');

  async function jwt(content: TokenContent, signal: AbortSignal): Promise<Secret<string>> {
    const key = (await keys.list()).find(({ keyId }) => keyId === content.keyId);
    if (key === undefined) throw cannotShowAgain();
    const token = await buildJwt(
      { keyId: key.keyId, claims: claimsOf(content) },
      await keys.signerOf(key),
      signal,
    );
    return new Secret(token);
  }

  async function opaque({ requestId }: TokenContent): Promise<Secret<string>> {
    const secret = await sealed.get(SECRET);
    if (secret === undefined) throw cannotShowAgain();
    const message = new TextEncoder().encode(PURPOSE + requestId);
    return secret.map((key) => opaqueToken(nodeDecryptor.hmac('sha256', key, message)));
  }

  return {
    tokenOf: (content, signal) => (content.format === 'jwt' ? jwt(content, signal) : opaque(content)),
    prepareOpaque: async () => {
      if ((await sealed.get(SECRET)) !== undefined) return;
      await sealed.put(SECRET, new Secret(context.random.bytes(SECRET_OCTETS)));
    },
  };
}

/** RFC 7519, 4.1 and, for the scopes, RFC 8693, 4.2. Members in one order, so that the text is the same each time. */
function claimsOf(content: TokenContent): Readonly<Record<string, unknown>> {
  const { issuer, subject, audience, scopes, issuedAt, notBefore, notAfter, serialNumber } = content;
  return {
    iss: issuer,
    sub: subject,
    ...(audience.length === 0 ? {} : { aud: audience }),
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    iat: seconds(issuedAt),
    nbf: seconds(notBefore),
    exp: seconds(notAfter),
    jti: serialNumber,
  };
}

function seconds(iso: string): number {
  return Math.floor(new Date(iso).getTime() / 1000);
}

function cannotShowAgain(): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: 'what this token was made with is not in the sealed store any more, so it cannot be shown again',
    hint: 'restore the sealed store from a backup, or revoke the token and issue another',
  });
}
