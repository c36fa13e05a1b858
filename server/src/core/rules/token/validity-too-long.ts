import { durationOf } from '../../policy/durationOf.ts';
import { durationVerdicts } from '../../policy/limits.ts';
import type { TokenValidityTooLongRule } from '../../schema/generated/specs.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<TokenValidityTooLongRule>({
  meta: {
    id: 'token/validity-too-long',
    severity: 'error',
    title: 'A token counts for longer, or shorter, than a policy allows',
    why: 'Whoever finds a token can use it until it ends, and nobody sees that there are two.',
    remedy: 'Write a `duration` within the limits of the policy, and let it be renewed in time.',
  },
  *judge(judged, limit) {
    const { resource } = judged;
    if (resource.kind !== 'Token') return;
    yield* durationVerdicts(judged, limit, durationOf(judged));
  },
});
