import { durationOf } from '../../policy/durationOf.ts';
import type { Judged, Verdict } from '../../policy/judged.ts';
import type { RenewalNotAllowedRule } from '../../schema/generated/specs.ts';
import { formatDuration, parseDuration } from '../../text/duration.ts';
import { oneOf } from '../../text/quote.ts';
import { policyRule } from '../rule.ts';

const RENEWAL = ['spec', 'renewal'];

export const rule = policyRule<RenewalNotAllowedRule>({
  meta: {
    id: 'renewal/not-allowed',
    severity: 'error',
    title: 'A credential is renewed by whom, or when, a policy does not allow',
    why: 'A renewal that comes too late leaves no time to repair what failed. One that comes too early hides that the old one was short-lived for a reason.',
    remedy: 'Write `renewal.by` and `renewal.before` as the policy asks for.',
  },
  *judge(judged, { by, earliest, latest, minimumOverlap }): Generator<Verdict> {
    const { renewal } = judged.declaration;
    if (by !== undefined && !by.includes(renewal.by))
      yield {
        path: [...RENEWAL, 'by'],
        message: `it is renewed by ${renewal.by}, and ${oneOf(by)} is allowed`,
      };
    if (judged.resource.kind === 'Workload') return;
    const { seconds } = durationOf(judged);
    const left = 'seconds' in renewal.before ? renewal.before.seconds : renewal.before.share * seconds;
    const path = [...RENEWAL, 'before'];
    const is = `it is renewed ${formatDuration(left)} before its end`;
    const most = earliest === undefined ? undefined : secondsOf(earliest, seconds);
    const least = latest === undefined ? undefined : secondsOf(latest, seconds);
    if (most !== undefined && left > most)
      yield { path, message: `${is}, and ${formatDuration(most)} is the earliest allowed`, limit: most };
    if (least !== undefined && left < least)
      yield { path, message: `${is}, and ${formatDuration(least)} is the latest allowed`, limit: -least };
    yield* overlap(judged, minimumOverlap);
  },
});

function* overlap({ declaration }: Judged, minimum: string | undefined): Generator<Verdict> {
  const least = minimum === undefined ? 0 : (parseDuration(minimum) ?? 0);
  const { overlapSeconds } = declaration.renewal;
  if (overlapSeconds < least)
    yield {
      path: [...RENEWAL, 'overlap'],
      message: `the old one stays for ${formatDuration(overlapSeconds)}, and ${minimum} is the shortest allowed`,
      limit: -least,
    };
}

/** A duration, or a share of the lifetime. */
function secondsOf(text: string, lifetime: number): number | undefined {
  return text.endsWith('%') ? (Number(text.slice(0, -1)) / 100) * lifetime : parseDuration(text);
}
