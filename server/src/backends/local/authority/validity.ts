import type { ValidityPeriod } from '../../../core/credential/build/certificate.ts';
import { BackendError } from '../../errors.ts';

/** How far a certificate starts in the past, so that machines whose clock is a little behind accept it. */
export const BACKDATE_SECONDS = 300;
const SHORTEST_SECONDS = 60;

export function secondsAfter(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000);
}

/** The longest validity that an authority gives, and the field of `spec` that says so. */
interface DurationLimit {
  readonly maximumSeconds: number;
  readonly field: string;
}

/** Throws `invalid-request` for a duration that is too short or longer than the limit. */
function checkDuration(durationSeconds: number, { maximumSeconds, field }: DurationLimit): void {
  if (!Number.isSafeInteger(durationSeconds) || durationSeconds < SHORTEST_SECONDS)
    throw new BackendError({
      kind: 'invalid-request',
      what: `a certificate cannot be valid for ${durationSeconds} seconds`,
      hint: 'declare a duration of at least one minute',
    });
  if (durationSeconds > maximumSeconds)
    throw new BackendError({
      kind: 'invalid-request',
      what: `the certificate would be valid for ${inWords(durationSeconds)}, longer than the ${inWords(maximumSeconds)} that this authority signs`,
      hint: `declare a shorter spec.duration, or raise spec.${field} in the Backend manifest`,
    });
}

/**
 * When a certificate of that duration begins: five minutes ago; less for one that lives below 50 minutes, of which a
 * tenth is enough. Throws `invalid-request` for a duration that is too short or longer than the limit.
 */
export function startOf(now: Date, durationSeconds: number, limit: DurationLimit): Date {
  checkDuration(durationSeconds, limit);
  const backdate = Math.min(BACKDATE_SECONDS, Math.floor(durationSeconds / 10));
  return new Date(Math.floor(now.getTime() / 1000) * 1000 - backdate * 1000);
}

/** The validity of a leaf of exactly the length that was asked for (RFC 5280, 4.1.2.5: both ends count, hence one second less). */
export function leafValidity(now: Date, durationSeconds: number, maximumSeconds: number): ValidityPeriod {
  const notBefore = startOf(now, durationSeconds, { maximumSeconds, field: 'authority.maximumDuration' });
  return { notBefore, notAfter: secondsAfter(notBefore, durationSeconds - 1) };
}

function inWords(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} days`;
  return seconds % 3600 === 0 ? `${seconds / 3600} hours` : `${seconds} seconds`;
}
