import {
  type BackendContext,
  type Health,
  TOKEN_FORMATS,
  type TokenIssuer,
  type TokenLedgerEntry,
} from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import type { TokenSettings } from '../configuration.ts';
import { acting, looking } from '../guard.ts';
import { checkReason, OFFERED_REASONS } from '../revocationReasons.ts';
import { checkToken } from './checking.ts';
import { tokenHealth } from './health.ts';
import { issueToken, type TokenParts } from './issuance.ts';
import { openTokenLedger, type TokenEntry, tokenFacts } from './ledger.ts';
import { openMint } from './minting.ts';
import { jwksOf, publishTokenFiles } from './publication.ts';
import { openSigningKeys, type SigningKeys } from './signingKeys.ts';

export interface LocalTokenIssuer {
  readonly issuer: TokenIssuer;
  readonly keys: SigningKeys;
  health(): Promise<Health['checks']>;
}

/** Tokens that are signed, or derived from a secret, under the user's account; the list of them holds none. */
export function localTokenIssuer(context: BackendContext, settings: TokenSettings): LocalTokenIssuer {
  const ledger = openTokenLedger(context);
  const keys = openSigningKeys(context, settings, ledger);
  const parts: TokenParts = { context, settings, ledger, keys, mint: openMint(context, keys) };

  const factsOf = async (entry: TokenEntry): Promise<TokenLedgerEntry> =>
    tokenFacts(entry, await ledger.revocationOf(entry.serialNumber));

  const entryOf = (serialNumber: string): Promise<TokenEntry | undefined> =>
    ledger.bySerialNumber(serialNumber.toLowerCase());

  const publishes = Object.values(settings.publish).some((path) => path !== undefined);
  const issuer: TokenIssuer = {
    formats: TOKEN_FORMATS,
    revocationReasons: OFFERED_REASONS,
    maximumDurationSeconds: settings.maximumDurationSeconds,
    ...(settings.defaultDurationSeconds === undefined
      ? {}
      : { defaultDurationSeconds: settings.defaultDurationSeconds }),
    issue: acting('issue the token', async (request, signal) => {
      const { entry, token } = await issueToken(request, parts, signal);
      return { state: 'issued', made: { ...(await factsOf(entry)), token } };
    }),
    check: looking('check the token', (token) => checkToken(token.reveal(), parts)),
    find: looking('look up the token', async (query) => {
      // A token has no key of its own.
      if ('spkiSha256' in query) return undefined;
      const entry =
        'requestId' in query ? await ledger.byRequest(query.requestId) : await entryOf(query.serialNumber);
      return entry === undefined ? undefined : factsOf(entry);
    }),
    issuedFor: looking('list the tokens', async (identity) => {
      const entries: TokenLedgerEntry[] = [];
      for (const entry of await ledger.byIdentity(identity)) entries.push(await factsOf(entry));
      return entries;
    }),
    revoke: acting('revoke the token', async (serialNumber, reason, signal) => {
      checkReason(reason);
      const entry = await entryOf(serialNumber);
      if (entry === undefined) throw unknownToken(context.name, serialNumber);
      return ledger.revoke(entry.serialNumber, reason, signal);
    }),
    status: looking('tell the status', async (serialNumber) => {
      const entry = await entryOf(serialNumber);
      if (entry === undefined)
        return { status: 'unknown', why: `${context.name} issued no token with that id` };
      const revocation = await ledger.revocationOf(entry.serialNumber);
      return revocation === undefined ? { status: 'good' } : { status: 'revoked', ...revocation };
    }),
    jwks: looking('give the keys', async (signal) => {
      await keys.ensure(signal);
      return jwksOf(keys);
    }),
    ...(publishes
      ? {
          publish: acting('publish keys and revoked tokens', async (signal) => {
            if (settings.publish.jwks !== undefined) await keys.ensure(signal);
            return publishTokenFiles(parts, signal);
          }),
        }
      : {}),
  };
  return { issuer, keys, health: async () => [await tokenHealth(context, keys)] };
}

function unknownToken(name: string, serialNumber: string): BackendError {
  return new BackendError({
    kind: 'not-found',
    what: `${name} issued no token with the id ${serialNumber.slice(0, 80)}`,
    hint: 'check the id, and that the Backend names the store that issued it (spec.store)',
  });
}
