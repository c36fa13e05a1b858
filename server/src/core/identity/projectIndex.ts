import type { ManifestFile } from '../manifest/manifestFile.ts';
import type {
  BackendResource,
  CertificateResource,
  IdentityResource,
  MachineResource,
  NamedResource,
  PlaybookResource,
  PolicyResource,
  ProjectResource,
  Resource,
  TrustBundleResource,
} from '../manifest/resource.ts';
import { isNamespaced } from '../schema/schemaAt.ts';
import type { Range } from '../text/position.ts';
import { isCertManagerKind } from './certManager.ts';
import { DEFAULT_NAMESPACE, formatIdentity, type IdentityId, isIdentityKind } from './identityId.ts';
import { nameIn } from './references.ts';

/** A place in a manifest that names another resource. */
export interface Reference extends NamedResource {
  readonly from: Resource;
  /** Of the value that names it, in the file of `from`. */
  readonly range: Range;
  /** What is named; undefined when there is none. */
  readonly target: Resource | undefined;
}

/** All manifests of one project root, joined. */
export interface ProjectIndex {
  readonly files: ReadonlyMap<string, ManifestFile>;
  /** Of the files, sorted. */
  readonly paths: readonly string[];
  /** By file, then place. Of two with the same identity both are here. */
  readonly resources: readonly Resource[];
  ofKind(kind: string): readonly Resource[];
  /** Of all kinds that declare a credential, by file, then place. */
  identities(): readonly IdentityResource[];
  certificates(): readonly CertificateResource[];
  backends(): readonly BackendResource[];
  machines(): readonly MachineResource[];
  policies(): readonly PolicyResource[];
  playbooks(): readonly PlaybookResource[];
  trustBundles(): readonly TrustBundleResource[];
  /** The first, where two are declared. */
  get(id: Pick<IdentityId, 'kind' | 'namespace' | 'name'> & { readonly key?: string }): Resource | undefined;
  backend(name: string): BackendResource | undefined;
  /** `name` or `namespace/name`; a plain name is looked for in `namespace`, then in `default`, if the kind has namespaces. */
  find(kind: string, name: string, namespace: string): Resource | undefined;
  project(): ProjectResource | undefined;
  referencesTo(resource: Resource): readonly Reference[];
  referencesFrom(resource: Resource): readonly Reference[];
}

/** Sorted; those of the previous index where files only changed. */
function pathsOf(
  files: ReadonlyMap<string, ManifestFile>,
  previous: ProjectIndex | undefined,
): readonly string[] {
  const known = previous?.paths ?? [];
  return known.length === files.size && known.every((path) => files.has(path))
    ? known
    : [...files.keys()].sort();
}

/** Joins files to one index. Cheap: what costs time was done per document; references are followed when asked for. */
export function buildProjectIndex(
  files: ReadonlyMap<string, ManifestFile>,
  previous?: ProjectIndex,
): ProjectIndex {
  const resources: Resource[] = [];
  const paths = pathsOf(files, previous);
  for (const path of paths) {
    for (const { resource } of files.get(path)?.documents ?? [])
      if (resource !== undefined) resources.push(resource);
  }
  const byId = new Map<string, Resource>();
  const byKind = new Map<string, Resource[]>();
  const declared: Resource[] = [];
  for (const resource of resources) {
    if (!byId.has(resource.key)) byId.set(resource.key, resource);
    if (isIdentityKind(resource.kind)) declared.push(resource);
    const ofKind = byKind.get(resource.kind);
    if (ofKind === undefined) byKind.set(resource.kind, [resource]);
    else ofKind.push(resource);
  }

  const get = (id: Pick<IdentityId, 'kind' | 'namespace' | 'name'> & { readonly key?: string }) =>
    byId.get(id.key ?? formatIdentity(id));
  // The kind decides the type of the specification; it holds while the resource is usable.
  const identities = declared as readonly unknown[] as readonly IdentityResource[];
  const ofKind = <R = Resource>(kind: string) =>
    (byKind.get(kind) ?? []) as readonly unknown[] as readonly R[];
  const backend = (name: string) =>
    get({ kind: 'Backend', namespace: '', name }) as unknown as BackendResource | undefined;
  const find = (kind: string, name: string, namespace: string): Resource | undefined => {
    const [first = '', second, ...more] = name.split('/');
    if (!isNamespaced(kind)) return get({ kind, namespace: '', name });
    if (second !== undefined)
      return more.length > 0 ? undefined : get({ kind, namespace: first, name: second });
    return get({ kind, namespace, name: first }) ?? get({ kind, namespace: DEFAULT_NAMESPACE, name: first });
  };
  const issuer = ({ namespace }: Resource, { kind, name }: NamedResource): Resource | undefined =>
    get({ kind, namespace, name }) ?? get({ kind, namespace: '', name });
  const target = (from: Resource, named: NamedResource): Resource | undefined =>
    isCertManagerKind(named.kind) ? issuer(from, named) : find(named.kind, nameIn(named), from.namespace);
  const outgoing = new Map<Resource, readonly Reference[]>();
  const referencesFrom = (from: Resource): readonly Reference[] => {
    const known = outgoing.get(from);
    if (known !== undefined) return known;
    // Most references are followed and never shown, so their place is looked up when it is asked for.
    const found = from.names.map(
      (named): Reference => ({
        ...named,
        from,
        target: target(from, named),
        get range() {
          return from.locate(named.path);
        },
      }),
    );
    outgoing.set(from, found);
    return found;
  };

  let incoming: Map<string, Reference[]> | undefined;
  const follow = (): Map<string, Reference[]> => {
    const all = new Map<string, Reference[]>();
    for (const reference of resources.flatMap(referencesFrom)) {
      if (reference.target === undefined) continue;
      const id = reference.target.key;
      const others = all.get(id);
      if (others === undefined) all.set(id, [reference]);
      else others.push(reference);
    }
    return all;
  };

  return {
    files,
    paths,
    resources,
    ofKind: (kind) => ofKind(kind),
    identities: () => identities,
    certificates: () => ofKind<CertificateResource>('Certificate'),
    backends: () => ofKind<BackendResource>('Backend'),
    machines: () => ofKind<MachineResource>('Machine'),
    policies: () => ofKind<PolicyResource>('Policy'),
    playbooks: () => ofKind<PlaybookResource>('Playbook'),
    trustBundles: () => ofKind<TrustBundleResource>('TrustBundle'),
    get,
    backend,
    find,
    project: () => ofKind<ProjectResource>('Project')[0],
    referencesFrom,
    referencesTo: (resource) => {
      incoming ??= follow();
      return incoming.get(resource.key) ?? [];
    },
  };
}
