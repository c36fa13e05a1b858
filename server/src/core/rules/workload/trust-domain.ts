import { parseSpiffeId } from '../../credential/spiffe/spiffeId.ts';
import type { ProjectIndex } from '../../identity/projectIndex.ts';
import type { ManifestPath } from '../../manifest/path.ts';
import type { BackendResource, Resource, WorkloadResource } from '../../manifest/resource.ts';
import { backendTypeOf, described, schemaOf } from '../../schema/schemaAt.ts';
import type { RuleContext } from '../context.ts';
import { perValue } from '../perValue.ts';
import { relatedTo, replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const SPIFFE_ID = ['spec', 'spiffeId'];

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
      const own = parseSpiffeId(identity.spec.spiffeId)?.trustDomain;
      if (own === undefined) continue;
      const other = declaredDomains(index, identity).find(({ domain }) => domain !== own);
      if (other !== undefined) {
        const message = `its ${other.whose} is of the trust domain ${other.domain}, not ${own}`;
        const changed = identity.spec.spiffeId.replace(own, other.domain);
        yield report(identity, SPIFFE_ID, message, {
          related: [relatedTo(other.resource, other.path, `the ${other.whose}'s trust domain`)],
          fixes: [replaceValue(identity, SPIFFE_ID, changed, true)],
        });
      }
      const itself = identity.spec.federatesWith?.indexOf(own) ?? -1;
      if (itself !== -1)
        yield report(
          identity,
          ['spec', 'federatesWith', itself],
          `${own} is its own trust domain; federatesWith names other ones`,
        );
    }
  },
};

interface DeclaredDomain {
  readonly whose: 'registry' | 'parent';
  readonly domain: string;
  readonly resource: Resource;
  readonly path: ManifestPath;
}

function declaredDomains(index: ProjectIndex, workload: WorkloadResource): readonly DeclaredDomain[] {
  const found: DeclaredDomain[] = [];
  const registry = index.backend(workload.spec.registry);
  const ofRegistry = registry?.usable === true ? domainOf(registry) : undefined;
  if (registry !== undefined && ofRegistry !== undefined)
    found.push({ whose: 'registry', ...ofRegistry, resource: registry as unknown as Resource });
  const { parent: name } = workload.spec;
  const parent = name === undefined ? undefined : index.find('Workload', name, workload.namespace);
  const domain =
    parent?.usable === true ? parseSpiffeId(String(parent.spec['spiffeId']))?.trustDomain : undefined;
  if (parent !== undefined && domain !== undefined)
    found.push({ whose: 'parent', domain, resource: parent, path: SPIFFE_ID });
  return found;
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
