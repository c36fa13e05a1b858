import type { TrustBundleResource } from '../../manifest/resource.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'trust/no-anchors',
    severity: 'error',
    perResource: true,
    title: 'A trust bundle has no anchor',
    why: 'Where an empty bundle is delivered, nothing is trusted any more, and every connection that is checked against it fails.',
    remedy: 'Add `anchors` with backends or files, or `include` other bundles.',
  },
  *check({ index }) {
    for (const resource of index.resources) {
      if (resource.kind !== 'TrustBundle' || !resource.usable) continue;
      const { anchors, include } = (resource as unknown as TrustBundleResource).spec;
      if ((anchors?.length ?? 0) + (include?.length ?? 0) > 0) continue;
      yield report(resource, ['metadata', 'name'], 'this bundle trusts nobody; add "anchors" or "include"');
    }
  },
};
