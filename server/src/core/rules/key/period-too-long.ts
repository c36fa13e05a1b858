import { durationOf } from '../../policy/durationOf.ts';
import { durationVerdicts } from '../../policy/limits.ts';
import type { KeyPeriodTooLongRule } from '../../schema/generated/specs.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<KeyPeriodTooLongRule>({
  meta: {
    id: 'key/period-too-long',
    severity: 'error',
    title: 'A key is used for longer, or shorter, than a policy allows',
    why: 'The longer one key is used, the more it protects, and the more is lost with it.',
    remedy: 'Write a `duration` within the limits of the policy, and let it be renewed in time.',
    standard: 'NIST SP 800-57 part 1, 5.3',
  },
  *judge(judged, limit) {
    const { resource } = judged;
    if (resource.kind !== 'Key') return;
    yield* durationVerdicts(judged, limit, durationOf(judged));
  },
});
