import { algorithmVerdicts, algorithmWord } from '../../policy/algorithms.ts';
import { inForceOn } from '../../policy/limits.ts';
import type { KeyAllowedAlgorithmsRule } from '../../schema/generated/specs.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<KeyAllowedAlgorithmsRule>({
  meta: {
    id: 'key/allowed-algorithms',
    severity: 'error',
    title: 'A key has an algorithm, a size or a curve that a policy does not allow',
    why: 'An algorithm that falls takes every key with it. Which ones may still be used, and until when, is decided in one place.',
    remedy:
      'Choose an algorithm that the policy allows. What is issued already keeps its key until it is rotated.',
    standard: 'NIST SP 800-57 part 1, 5.6.1; NIST SP 800-131A; NIST IR 8547',
  },
  *judge(judged, { schedule = [], ...limit }) {
    yield* algorithmVerdicts(judged, limit, '');
    for (const { from, ...step } of inForceOn(schedule, judged.day))
      yield* algorithmVerdicts(judged, step, ` since ${from}`);
  },
  *ofField(place, { schedule = [], ...limit }) {
    yield* algorithmWord(place, limit, [], '');
    for (const { from, ...step } of inForceOn(schedule, place.day))
      yield* algorithmWord(place, step, ['schedule'], ` since ${from}`);
  },
});
