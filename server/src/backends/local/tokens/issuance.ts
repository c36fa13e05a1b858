import { toHex } from '../../../core/credential/octets.ts';
import { tokenFingerprint } from '../../../core/credential/tokenFingerprint.ts';
import type { Secret } from '../../../core/secret.ts';
import type { BackendContext, TokenRequest } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { checkTokenRequest } from '../../tokenRequestCheck.ts';
import type { TokenSettings } from '../configuration.ts';
import { type Entries, newEntryId } from '../entries.ts';
import { BY_FINGERPRINT, type TokenEntry } from './ledger.ts';
import type { Mint, TokenContent } from './minting.ts';
import { type SigningKeys, TOKEN_LOCK } from './signingKeys.ts';

/** How far a token starts in the past, for machines whose clock is a little behind; a tenth of a short life. */
const BACKDATE_SECONDS = 60;

export interface TokenParts {
  readonly context: BackendContext;
  readonly settings: TokenSettings;
  readonly ledger: Entries<TokenEntry>;
  readonly keys: SigningKeys;
  readonly mint: Mint;
}

/**
 * Mints a token and enters it, without the token, before it answers. A request id that was answered before gets the same
 * token again; one that asks for something else is a conflict.
 */
export async function issueToken(
  request: TokenRequest,
  parts: TokenParts,
  signal: AbortSignal,
): Promise<{ readonly entry: TokenEntry; readonly token: Secret<string> }> {
  const { context, settings, ledger, mint } = parts;
  checkTokenRequest(
    request,
    settings.maximumDurationSeconds,
    'raise spec.tokens.maximumDuration in the Backend manifest',
  );
  const requestDigest = digestOf(request, context);

  const answered = async (): Promise<TokenEntry | undefined> => {
    const entry = await ledger.byRequest(request.requestId);
    if (entry !== undefined && entry.requestDigest !== requestDigest) throw conflict(request.requestId);
    return entry;
  };

  const again = async (entry: TokenEntry) => {
    const token = await mint.tokenOf(entry, signal);
    if (tokenFingerprint(token.reveal(), context.hasher) !== entry.fingerprintSha256) throw otherSecret();
    return { entry, token };
  };

  const before = await answered();
  if (before !== undefined) return again(before);
  return context.state.locked(
    TOKEN_LOCK,
    async () => {
      const meanwhile = await answered();
      if (meanwhile !== undefined) return again(meanwhile);
      const content = await newContent(request, requestDigest, parts, signal);
      const token = await mint.tokenOf(content, signal);
      const fingerprintSha256 = tokenFingerprint(token.reveal(), context.hasher);
      const entry: TokenEntry = { ...content, fingerprintSha256 };
      await ledger.add(entry, { [BY_FINGERPRINT]: fingerprintSha256 });
      return { entry, token };
    },
    signal,
  );
}

/** Makes the key or the secret that it needs, too. */
async function newContent(
  request: TokenRequest,
  requestDigest: string,
  { context, settings, keys, mint }: TokenParts,
  signal: AbortSignal,
): Promise<TokenContent> {
  const { requestId, identity, machine, format, subject, audience, scopes, durationSeconds } = request;
  if (format === 'opaque') await mint.prepareOpaque();
  const keyId = format === 'jwt' ? (await keys.current(signal)).keyId : undefined;
  const now = context.clock.now();
  const start =
    Math.floor(now.getTime() / 1000) - Math.min(BACKDATE_SECONDS, Math.floor(durationSeconds / 10));
  return {
    serialNumber: newEntryId(context.random),
    requestId,
    requestDigest,
    identity,
    ...(machine === undefined ? {} : { machine }),
    issuedAt: now.toISOString(),
    notBefore: isoOf(start),
    notAfter: isoOf(start + durationSeconds),
    format,
    subject,
    audience,
    scopes,
    issuer: settings.issuer,
    ...(keyId === undefined ? {} : { keyId }),
  };
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function digestOf(request: TokenRequest, { hasher }: BackendContext): string {
  const { identity, machine, format, subject, audience, scopes, durationSeconds } = request;
  const text = JSON.stringify([
    [identity.apiVersion, identity.kind, identity.namespace, identity.name, machine ?? null],
    [format, subject, audience, scopes, durationSeconds],
  ]);
  return toHex(hasher.hash('sha256', new TextEncoder().encode(text)));
}

function conflict(requestId: string): BackendError {
  return new BackendError({
    kind: 'conflict',
    what: `the request ${requestId} was answered before, for another token`,
    hint: 'undo the action (`idac resume --undo`) and plan it again',
  });
}

function otherSecret(): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: 'the sealed store holds another key or secret than the one that this token was made with',
    hint: 'restore the sealed store from a backup, or revoke the token and issue another',
  });
}
