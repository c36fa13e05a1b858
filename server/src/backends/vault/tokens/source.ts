import type { Secret } from '../../../core/secret.ts';
import type { TokenClaim, TokenRequest } from '../../contract.ts';
import type { Need } from '../capabilities.ts';

/** What the server made and shows this once. */
export interface MadeToken {
  /** What the server calls it where the token itself must not be shown. */
  readonly accessor: string;
  readonly token: Secret<string>;
  /** ISO 8601. */
  readonly issuedAt: string;
  readonly notAfter: string;
}

/** One sort of the server's own credentials: service tokens, or secret ids of an AppRole. */
export interface TokenSource {
  /** What one of them is called in messages. */
  readonly noun: string;
  /** Path of the role: where its tokens come from. */
  readonly path: string;
  readonly claims: readonly TokenClaim[];
  /** What a login needs for each verb. */
  readonly needs: Readonly<Record<'issue' | 'revoke' | 'status', readonly Need[]>>;
  /** Reads the role. Throws `not-found` for none, `invalid-request` for one that would issue otherwise than declared. */
  role(signal: AbortSignal): Promise<TokenRole>;
  /** Throws `invalid-request` where the server made less than was asked for; that one is ended. */
  make(request: TokenRequest, mark: string, signal: AbortSignal): Promise<MadeToken>;
  /** Once its accessor is noted: gives it its whole life. */
  settle(made: MadeToken, request: TokenRequest, signal: AbortSignal): Promise<void>;
  /** Ends what a run made under this mark that ended before it could note the accessor. */
  endUnnoted(mark: string, signal: AbortSignal): Promise<void>;
  /** Idempotent. */
  end(accessor: string, signal: AbortSignal): Promise<void>;
  counts(accessor: string, signal: AbortSignal): Promise<boolean>;
}

export interface TokenRole {
  readonly maximumDurationSeconds: number;
  /** Whether a request must name scopes. */
  readonly needsScopes: boolean;
}
