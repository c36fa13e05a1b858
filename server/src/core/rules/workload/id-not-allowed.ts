import { parseSpiffeId } from '../../credential/spiffe/spiffeId.ts';
import type { IdentityResource } from '../../manifest/resource.ts';
import { limitVerdicts, type PlacedValue, placed } from '../../policy/limits.ts';
import type { WorkloadIdNotAllowedRule } from '../../schema/generated/specs.ts';
import { quotable } from '../../text/quote.ts';
import { policyRule } from '../rule.ts';

export const rule = policyRule<WorkloadIdNotAllowedRule>({
  meta: {
    id: 'workload/id-not-allowed',
    severity: 'error',
    title: 'A SPIFFE ID is in a trust domain, or at a path, that a policy does not allow',
    why: 'Authorization goes by the whole ID. A path that says another team or environment is a login as that one.',
    remedy: 'Choose an ID that the policy allows.',
    standard: 'SPIFFE-ID, 2; SPIFFE X509-SVID, 2',
  },
  *judge(judged, { trustDomains, paths }) {
    for (const { text, path } of idsOf(judged.resource)) {
      const id = parseSpiffeId(text);
      if (id === undefined) continue;
      if (trustDomains !== undefined && !trustDomains.includes(id.trustDomain))
        yield {
          path,
          message: `the trust domain ${quotable(id.trustDomain) ?? 'of this ID'} is not allowed; ${trustDomains[0]} is`,
        };
      if (paths !== undefined)
        yield* limitVerdicts(judged, [{ text: id.path, path }], paths, {
          what: 'path',
          parent: path,
          separator: '/',
        });
    }
  },
});

function idsOf(resource: IdentityResource): readonly PlacedValue[] {
  if (resource.kind === 'Workload') return [{ text: resource.spec.spiffeId, path: ['spec', 'spiffeId'] }];
  return resource.kind === 'Certificate' ? placed(resource.spec.uris ?? [], ['spec', 'uris']) : [];
}
