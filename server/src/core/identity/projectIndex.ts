import type { ManifestFile } from '../manifest/manifestFile.ts';
import type { ManifestPath } from '../manifest/path.ts';
import type {
  BackendResource,
  CertificateResource,
  MachineResource,
  ProjectResource,
  Resource,
} from '../manifest/resource.ts';
import type { Range } from '../text/position.ts';
import type { IdentityId } from './identityId.ts';

/** A place in a manifest that names another resource. */
export interface Reference {
  readonly from: Resource;
  readonly path: ManifestPath;
  /** Kind of what is named. */
  readonly kind: string;
  /** As written: `name` or `namespace/name`. */
  readonly name: string;
  /** Role that the named backend must play. */
  readonly role?: string;
  readonly range: Range;
  /** What is named; undefined when there is none. */
  readonly target: Resource | undefined;
}

/** All manifests of one project root, joined. */
export interface ProjectIndex {
  readonly files: ReadonlyMap<string, ManifestFile>;
  /** By file, then place. Of two with the same identity both are here. */
  readonly resources: readonly Resource[];
  certificates(): readonly CertificateResource[];
  backends(): readonly BackendResource[];
  machines(): readonly MachineResource[];
  /** The first, where two are declared. */
  get(id: Pick<IdentityId, 'kind' | 'namespace' | 'name'>): Resource | undefined;
  backend(name: string): BackendResource | undefined;
  /** `name` or `namespace/name`; a plain name is looked for in `namespace`, then in `default`. */
  machine(name: string, namespace: string): MachineResource | undefined;
  project(): ProjectResource | undefined;
  referencesTo(resource: Resource): readonly Reference[];
  referencesFrom(resource: Resource): readonly Reference[];
}
