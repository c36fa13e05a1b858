import type { Backend, TokenLedgerEntry } from '../../../backends/contract.ts';
import type { CredentialFacts } from '../../../core/lifecycle/event.ts';
import type { Secret } from '../../../core/secret.ts';
import {
  bearerName,
  type CredentialIssuer,
  driven,
  type MadeCredential,
  offered,
  requestBase,
} from './issuer.ts';
import { lifetimeOf, requestOf } from './taskRequest.ts';

/** Bearer tokens. The token itself is shown once, and staged sealed until it is delivered. */
export function tokenIssuer({ tokens }: Backend): CredentialIssuer | undefined {
  if (tokens === undefined) return undefined;
  return {
    ...driven(tokens, (entry) => ({ facts: factsOf(entry), companions: [] })),
    facts: offered(tokens, { kinds: ['Token'], keyAlgorithms: [], usages: tokens.formats }),
    async make(task, context, signal) {
      const { format, subject, audience, scopes } = requestOf(task, 'Token');
      const base = requestBase(task, context);
      const outcome = await tokens.issue(
        {
          ...base,
          format,
          subject: subject === '' ? bearerName(base) : subject,
          audience,
          scopes,
          durationSeconds: lifetimeOf(task),
        },
        signal,
      );
      return outcome.state === 'pending'
        ? outcome
        : {
            state: 'issued',
            made: madeOf(
              outcome.made,
              outcome.made.token.map((token) => new TextEncoder().encode(token)),
            ),
          };
    },
    async made(task, signal) {
      const entry = await tokens.find({ requestId: task.requestId }, signal);
      return entry === undefined ? undefined : madeOf(entry, null);
    },
    abandon: async ({ requestId }, signal) => tokens.abandon?.(requestId, signal),
  };
}

function madeOf(entry: TokenLedgerEntry, secret: Secret<Uint8Array> | null): MadeCredential {
  return { facts: factsOf(entry), publicText: '', anchorText: null, secret };
}

function factsOf(entry: TokenLedgerEntry): CredentialFacts {
  const { serialNumber, subject, issuer, notBefore, notAfter, fingerprintSha256 } = entry;
  return { serialNumber, subject, issuer, notBefore, notAfter, fingerprintSha256 };
}
