import { REVOCATION_REASONS, type RevocationReason } from '../core/lifecycle/event.ts';
import { BackendError } from './errors.ts';

/** No hold: no verb here could end it, so it would be a revocation under a milder name. */
export const OFFERED_REASONS: readonly RevocationReason[] = REVOCATION_REASONS.filter(
  (reason) => reason !== 'certificateHold',
);

/** Throws `invalid-request` for a reason that is not offered. */
export function checkReason(reason: RevocationReason): void {
  if (OFFERED_REASONS.includes(reason)) return;
  throw new BackendError({
    kind: 'invalid-request',
    what: `the reason ${reason} is not offered, since this version cannot end a hold`,
    hint: `use one of ${OFFERED_REASONS.join(', ')}`,
  });
}
