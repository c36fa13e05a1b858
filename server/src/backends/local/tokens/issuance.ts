import { toHex } from '../../../core/credential/octets.ts';
import { tokenFingerprint } from '../../../core/credential/tokenFingerprint.ts';
import type { Secret } from '../../../core/secret.ts';
import { formatDuration } from '../../../core/text/duration.ts';
import type { BackendContext, TokenRequest } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import type { TokenSettings } from '../configuration.ts';
import { type Entries, newEntryId } from '../entries.ts';
import { BY_FINGERPRINT, type TokenEntry } from './ledger.ts';
import type { Mint, TokenContent } from './minting.ts';
import { type SigningKeys, TOKEN_LOCK } from './signingKeys.ts';

const SHORTEST_SECONDS = 60;
/** How far a token starts in the past, for machines whose clock is a little behind; a tenth of a short life. */
const BACKDATE_SECONDS = 60;
const LONGEST_TEXT = 2048;

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
  check(request, settings);
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

function check(request: TokenRequest, settings: TokenSettings): void {
  const refuse = (what: string, hint: string): BackendError =>
    new BackendError({ kind: 'invalid-request', what, hint });
  const { requestId, subject, audience, scopes, durationSeconds } = request;
  if (requestId === '') throw refuse('the request has no id', 'this is a defect: please report it');
  if (!isPlain(subject))
    throw refuse(
      `the subject of a token has 1 to ${LONGEST_TEXT} characters, none of them for control`,
      'correct spec.subject in the manifest',
    );
  if (!audience.every(isPlain))
    throw refuse('an audience is empty, too long or has control characters', 'correct spec.audience');
  // RFC 6749, 3.3.
  const scope = scopes.find((each) => !/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(each));
  if (scope !== undefined)
    throw refuse(
      `"${scope.slice(0, 60).replace(/\p{Cc}/gu, '?')}" is no scope`,
      'a scope has 1 to 200 visible ASCII characters, without space, quotation mark and backslash',
    );
  const { maximumDurationSeconds } = settings;
  if (!Number.isSafeInteger(durationSeconds) || durationSeconds < SHORTEST_SECONDS)
    throw refuse(
      `a token cannot be valid for ${durationSeconds} seconds`,
      'declare a duration of at least one minute',
    );
  if (durationSeconds > maximumDurationSeconds)
    throw refuse(
      `the token would be valid for ${formatDuration(durationSeconds)}, longer than the ${formatDuration(maximumDurationSeconds)} that this issuer gives`,
      'declare a shorter spec.duration, or raise spec.tokens.maximumDuration in the Backend manifest',
    );
}

function isPlain(text: string): boolean {
  return text !== '' && text.length <= LONGEST_TEXT && !/\p{Cc}/u.test(text);
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
