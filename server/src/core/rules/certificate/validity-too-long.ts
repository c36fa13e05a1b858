import type { IdentityResource } from '../../manifest/resource.ts';
import type { Verdict } from '../../policy/judged.ts';
import type { CertificateValidityTooLongRule } from '../../schema/generated/specs.ts';
import { formatDuration, parseDuration } from '../../text/duration.ts';
import { replaceValue } from '../report.ts';
import { policyRule } from '../rule.ts';

const DURATION = ['spec', 'duration'];
/** What an issuer without a default of its own gives. */
const DEFAULT_SECONDS = 47 * 86_400;

export const rule = policyRule<CertificateValidityTooLongRule>({
  meta: {
    id: 'certificate/validity-too-long',
    severity: 'error',
    title: 'A certificate is valid for longer, or shorter, than a policy allows',
    why: 'Whatever a certificate says stays true for as long as it is valid: a lost key, a name that was given away. Public authorities may issue for 200 days since 2026-03-15, for 100 from 2027-03-15 and for 47 from 2029-03-15.',
    remedy: 'Write a `duration` within the limits of the policy, and let it be renewed in time.',
    standard: 'CA/Browser Forum Baseline Requirements, 6.3.2',
  },
  *judge({ resource, declaration, day }, { maximum, minimum, schedule = [] }): Generator<Verdict> {
    if (resource.kind !== 'Certificate') return;
    const seconds = declaration.durationSeconds ?? DEFAULT_SECONDS;
    const step = schedule
      .filter(({ from }) => from <= day)
      .sort((a, b) => (a.from < b.from ? -1 : 1))
      .at(-1);
    const limits = [maximum, step?.maximum].flatMap((text) => secondsOf(text) ?? []);
    const most = Math.min(...limits);
    const written = resource.spec.duration;
    const is =
      written === undefined
        ? `is valid for ${formatDuration(seconds)} by default`
        : `is valid for ${written}`;
    const replaced = (limit: number) => (now: IdentityResource) =>
      written === undefined ? [] : [replaceValue(now, DURATION, formatDuration(limit), true)];
    if (seconds > most) {
      const since = step !== undefined && secondsOf(step.maximum) === most ? ` since ${step.from}` : '';
      yield {
        path: DURATION,
        message: `it ${is}, and ${formatDuration(most)} is the longest allowed${since}`,
        limit: most,
        fixes: replaced(most),
      };
    }
    const least = secondsOf(minimum) ?? 0;
    if (seconds < least)
      yield {
        path: DURATION,
        message: `it ${is}, and ${formatDuration(least)} is the shortest allowed`,
        limit: -least,
        fixes: replaced(least),
      };
  },
});

function secondsOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}
