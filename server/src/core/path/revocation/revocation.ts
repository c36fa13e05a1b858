import { REVOCATION_REASON_NAMES } from '../../credential/revocationList.ts';

/** What is known of a certificate's revocation. `unknown` is neither of the others: whoever needs one of them has none. */
export type Revocation =
  | { readonly status: 'good' }
  | { readonly status: 'revoked'; readonly at: string; readonly reason: string | undefined }
  | { readonly status: 'unknown'; readonly why: string };

/** As the reason why a path does not hold. */
export function revokedReason(revocation: Extract<Revocation, { status: 'revoked' }>): {
  readonly problem: 'revoked';
  readonly message: string;
  readonly revocation: Revocation;
} {
  const { at, reason } = revocation;
  const message = `it was revoked on ${at}${reason === undefined ? '' : ` (${reason})`}`;
  return { problem: 'revoked', message, revocation };
}

export function reasonText(code: number | undefined): string | undefined {
  return code === undefined ? undefined : REVOCATION_REASON_NAMES[code];
}
