import { durationOf } from '../../policy/durationOf.ts';
import { durationVerdicts } from '../../policy/limits.ts';
import type { CertificateValidityTooLongRule } from '../../schema/generated/specs.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<CertificateValidityTooLongRule>({
  meta: {
    id: 'certificate/validity-too-long',
    severity: 'error',
    title: 'A certificate is valid for longer, or shorter, than a policy allows',
    why: 'Whatever a certificate says stays true for as long as it is valid: a lost key, a name that was given away. Public authorities may issue for 200 days since 2026-03-15, for 100 from 2027-03-15 and for 47 from 2029-03-15.',
    remedy: 'Write a `duration` within the limits of the policy, and let it be renewed in time.',
    standard: 'CA/Browser Forum Baseline Requirements, 6.3.2',
  },
  *judge(judged, limit) {
    const { resource } = judged;
    if (resource.kind !== 'Certificate') return;
    yield* durationVerdicts(judged, limit, durationOf(judged));
  },
});
