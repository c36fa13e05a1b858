import { parseSpiffeId } from '../../credential/spiffe/spiffeId.ts';
import type { RelatedPlace } from '../../finding.ts';
import type { ManifestPath } from '../../manifest/path.ts';
import type { BackendResource, Resource, WorkloadResource } from '../../manifest/resource.ts';
import { backendTypeOf, described, schemaOf } from '../../schema/schemaAt.ts';
import type { RuleContext } from '../context.ts';
import { perValue } from '../perValue.ts';
import { relatedTo, replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const SPIFFE_ID = ['spec', 'spiffeId'];
const DOMAIN = 'its trust domain';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'workload/trust-domain',
    severity: 'error',
    perResource: true,
    title: 'A workload is of another trust domain than its registry or its parent',
    why: 'A registry signs for its own trust domain alone and attests a workload by a parent of that domain. It refuses any other registration. Other domains are trusted by federation.',
    remedy:
      'Write the registry’s trust domain into `spiffeId`, or register it with the registry of the other domain. `federatesWith` names other domains only.',
    standard: 'SPIFFE-ID, 2; SPIFFE Federation, 2',
  },
  *check({ index }) {
    for (const identity of index.identities()) {
      if (identity.kind !== 'Workload' || !identity.usable) continue;
      const own = parseSpiffeId(identity.spec.spiffeId)?.trustDomain ?? '';
      const registry = index.backend(identity.spec.registry);
      const declared = registry?.usable === true ? domainOf(registry) : undefined;
      if (registry !== undefined && declared !== undefined && declared.domain !== own)
        yield foreign(identity, own, declared.domain, 'registry', relatedTo(registry, declared.path, DOMAIN));
      const itself = identity.spec.federatesWith?.indexOf(own) ?? -1;
      if (itself === -1) continue;
      const message = `${own} is its own trust domain; federatesWith names other ones`;
      yield report(identity, ['spec', 'federatesWith', itself], message);
    }
  },
  *checkTogether({ index }) {
    for (const workload of index.ofKind('Workload') as unknown as readonly WorkloadResource[]) {
      // What it says is mostly not in memory; whom it names is.
      if (!workload.namedKinds.includes('Workload')) continue;
      const { parent: name, spiffeId } = workload.spec;
      if (!workload.usable || name === undefined) continue;
      const own = parseSpiffeId(spiffeId)?.trustDomain ?? '';
      const parent = index.find('Workload', name, workload.namespace);
      if (parent?.usable !== true) continue;
      const domain = parseSpiffeId(String(parent.spec['spiffeId']))?.trustDomain ?? own;
      // Where its registry has another domain, too, that is said already.
      const registry = index.backend(workload.spec.registry);
      const declared = registry?.usable === true ? domainOf(registry)?.domain : undefined;
      if (domain !== own && (declared ?? own) === own)
        yield foreign(workload, own, domain, 'parent', relatedTo(parent, SPIFFE_ID, DOMAIN));
    }
  },
};

function foreign(
  workload: WorkloadResource,
  own: string,
  domain: string,
  whose: 'registry' | 'parent',
  related: RelatedPlace,
) {
  const changed = workload.spec.spiffeId.replace(own, domain);
  return report(workload, SPIFFE_ID, `its ${whose} is of the trust domain ${domain}, not ${own}`, {
    related: [related],
    fixes: [replaceValue(workload, SPIFFE_ID, changed, true)],
  });
}

/** The field of a backend's type that its schema says is a trust domain; its default is the backend's own matter. */
const domainOf = perValue(
  (registry: BackendResource): { readonly domain: string; readonly path: ManifestPath } | undefined => {
    const spec = (registry as unknown as Resource).spec;
    const schema = schemaOf('Backend', backendTypeOf({ spec }));
    if (schema === undefined) return undefined;
    for (const { path, text, schema: field } of described(schema, { spec }))
      if (field.format === 'trust-domain') return { domain: text, path };
    return undefined;
  },
);
