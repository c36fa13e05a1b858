import { formatDuration } from '../core/text/duration.ts';
import type { TokenRequest } from './contract.ts';
import { BackendError } from './errors.ts';

const SHORTEST_SECONDS = 60;
const LONGEST_TEXT = 2048;

/**
 * Throws `invalid-request` for what no issuer takes (RFC 6749, 3.3 for scopes), or what is longer valid than this one
 * gives, in seconds; `raise` says how that could be changed.
 */
export function checkTokenRequest(
  request: TokenRequest,
  maximumDurationSeconds: number,
  raise: string,
): void {
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
  if (!Number.isSafeInteger(durationSeconds) || durationSeconds < SHORTEST_SECONDS)
    throw refuse(
      `a token cannot be valid for ${durationSeconds} seconds`,
      'declare a duration of at least one minute',
    );
  if (durationSeconds > maximumDurationSeconds)
    throw refuse(
      `the token would be valid for ${formatDuration(durationSeconds)}, longer than the ${formatDuration(maximumDurationSeconds)} that this issuer gives`,
      `declare a shorter spec.duration, or ${raise}`,
    );
}

function isPlain(text: string): boolean {
  return text !== '' && text.length <= LONGEST_TEXT && !/\p{Cc}/u.test(text);
}
