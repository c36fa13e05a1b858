import { durationOf } from '../../policy/durationOf.ts';
import { durationVerdicts } from '../../policy/limits.ts';
import type { SshValidityTooLongRule } from '../../schema/generated/specs.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<SshValidityTooLongRule>({
  meta: {
    id: 'ssh/validity-too-long',
    severity: 'error',
    title: 'An SSH certificate or key is used for longer, or shorter, than a policy allows',
    why: 'A stolen login works until its certificate ends or somebody revokes it on every server. A short life needs nobody to notice.',
    remedy: 'Write a `duration` within the limits of the policy, and let it be renewed in time.',
  },
  *judge(judged, limit) {
    const { resource } = judged;
    if (resource.kind !== 'SshCertificate' && resource.kind !== 'SshKey') return;
    yield* durationVerdicts(judged, limit, durationOf(judged));
  },
});
