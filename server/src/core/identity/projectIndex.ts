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
import { DEFAULT_NAMESPACE, formatIdentity, type IdentityId } from './identityId.ts';
import { namesAfter, namesOf, type ProjectNames } from './projectNames.ts';
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
  /** In the order of `paths`. */
  readonly fileList: readonly ManifestFile[];
  /** By file, then place. Of two with the same identity both are here. */
  readonly resources: readonly Resource[];
  /** The same object as long as no resource came, went or got another name or former name. */
  readonly names: object;
  /** Those with an identity that an earlier one has. */
  readonly repeated: readonly Resource[];
  /** The same list as long as none of them changes. */
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

const NONE: readonly Resource[] = [];

/** Of each index, so that the next one starts from it. */
const namesBefore = new WeakMap<ProjectIndex, ProjectNames>();

/** Joins files to one index. Cheap: what costs time was done per document; references are followed when asked for. */
export function buildProjectIndex(
  files: ReadonlyMap<string, ManifestFile>,
  previous?: ProjectIndex,
): ProjectIndex {
  const before = previous && namesBefore.get(previous);
  const names = (before && namesAfter(files, before)) ?? namesOf(files, before?.paths);
  const { paths, fileList, resources, repeated, byKind, first, replaced } = names;

  const get = (id: Pick<IdentityId, 'kind' | 'namespace' | 'name'> & { readonly key?: string }) => {
    const key = id.key ?? formatIdentity(id);
    return replaced.get(key) ?? first.get(key);
  };
  // The kind decides the type of the specification; it holds while the resource is usable.
  const identities = names.identities as readonly unknown[] as readonly IdentityResource[];
  const ofKind = <R = Resource>(kind: string) =>
    (byKind.get(kind) ?? NONE) as readonly unknown[] as readonly R[];
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
  // One rule after the other asks for those of one resource; all of them together would fill the memory.
  let latest: { readonly from: Resource; readonly references: readonly Reference[] } | undefined;
  const referencesFrom = (from: Resource): readonly Reference[] => {
    if (latest?.from === from) return latest.references;
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
    latest = { from, references: found };
    return found;
  };

  /** Looks into the texts first: few name any one resource, and what they say is mostly not in memory. */
  const referencesTo = (resource: Resource): readonly Reference[] =>
    resources
      .filter((from) => from.namedKinds.includes(resource.kind) && from.mentions(resource.name))
      .flatMap((from) => referencesFrom(from).filter((reference) => reference.target?.key === resource.key));

  const index: ProjectIndex = {
    files,
    paths,
    fileList,
    resources,
    names: first,
    repeated,
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
    referencesTo,
  };
  namesBefore.set(index, names);
  return index;
}
