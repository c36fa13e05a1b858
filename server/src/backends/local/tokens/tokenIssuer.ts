import {
  type BackendContext,
  type Health,
  TOKEN_CLAIMS,
  TOKEN_FORMATS,
  type TokenIssuer,
} from '../../contract.ts';
import { acting, looking } from '../../guard.ts';
import type { TokenSettings } from '../configuration.ts';
import { entryVerbs } from '../entryVerbs.ts';
import { checkToken } from './checking.ts';
import { tokenHealth } from './health.ts';
import { issueToken, type TokenParts } from './issuance.ts';
import { openTokenLedger, tokenFacts } from './ledger.ts';
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

  const { maximumDurationSeconds, defaultDurationSeconds, publish } = settings;
  const publishes = Object.values(publish).some((path) => path !== undefined);
  const issuer: TokenIssuer = {
    ...entryVerbs(ledger, tokenFacts, {
      noun: 'token',
      unknown: `${context.name} knows no token with`,
      calledBy: 'id',
    }),
    formats: TOKEN_FORMATS,
    claims: TOKEN_CLAIMS,
    showsAgain: true,
    maximumDurationSeconds,
    ...(defaultDurationSeconds === undefined ? {} : { defaultDurationSeconds }),
    issue: acting('issue the token', async (request, signal) => {
      const { entry, token } = await issueToken(request, parts, signal);
      const revoked = await ledger.revocationOf(entry.serialNumber);
      return { state: 'issued', made: { ...tokenFacts(entry, revoked), token } };
    }),
    check: looking('check the token', (token) => checkToken(token.reveal(), parts)),
    jwks: looking('give the keys', async (signal) => {
      await keys.ensure(signal);
      return jwksOf(keys);
    }),
    ...(publishes
      ? {
          publish: acting('publish keys and revoked tokens', async (signal) => {
            if (publish.jwks !== undefined) await keys.ensure(signal);
            return publishTokenFiles(parts, signal);
          }),
        }
      : {}),
  };
  return { issuer, keys, health: () => tokenHealth(parts) };
}
