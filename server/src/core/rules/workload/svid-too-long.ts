import { durationVerdicts } from '../../policy/limits.ts';
import type { WorkloadSvidTooLongRule } from '../../schema/generated/specs.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<WorkloadSvidTooLongRule>({
  meta: {
    id: 'workload/svid-too-long',
    severity: 'error',
    title: 'The SVIDs of a workload are valid for longer than a policy allows',
    why: 'A JWT-SVID can be replayed by whoever sees it, and an X.509-SVID is rarely revoked: both are safe because they end soon.',
    remedy: 'Write a shorter `x509SvidTtl` or `jwtSvidTtl`.',
    standard: 'SPIFFE JWT-SVID, 3.3',
  },
  *judge(judged, { x509, jwt }) {
    const { resource, declaration } = judged;
    if (resource.kind !== 'Workload' || declaration.request.kind !== 'Workload') return;
    const { x509SvidTtlSeconds, jwtSvidTtlSeconds } = declaration.request;
    const { x509SvidTtl, jwtSvidTtl } = resource.spec;
    const svid = (field: string, what: string, written: string | undefined, seconds: number) => ({
      path: ['spec', field],
      written,
      seconds,
      is: `its ${what}-SVIDs are valid`,
    });
    if (x509 !== undefined)
      yield* durationVerdicts(
        judged,
        { maximum: x509 },
        svid('x509SvidTtl', 'X.509', x509SvidTtl, x509SvidTtlSeconds),
      );
    if (jwt !== undefined)
      yield* durationVerdicts(
        judged,
        { maximum: jwt },
        svid('jwtSvidTtl', 'JWT', jwtSvidTtl, jwtSvidTtlSeconds),
      );
  },
});
