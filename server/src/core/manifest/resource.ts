import type { IdentityId } from '../identity/identityId.ts';
import type {
  BackendSpec,
  CertificateSpec,
  CertManagerCertificateSpec,
  MachineSpec,
  ProjectSpec,
} from '../schema/generated/specs.ts';
import type { Range } from '../text/position.ts';
import type { JsonObject, ManifestPath, PathPart } from './path.ts';

/** A value in a manifest that names another resource. */
export interface NamedResource {
  readonly path: ManifestPath;
  /** Kind of what is named. */
  readonly kind: string;
  /** As written: `name` or `namespace/name`. */
  readonly name: string;
  /** Role that the named backend must play. */
  readonly role: string | undefined;
}

/** One manifest that has a kind and a name. */
export interface Resource<Spec = JsonObject> {
  readonly id: IdentityId;
  /** `formatIdentity` of it. */
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  /** Empty for kinds without one (Backend, Project); `default` where the manifest names none. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly formerNames: readonly string[];
  /** As written, without defaults. Its type holds only while `usable`. */
  readonly spec: Spec;
  readonly names: readonly NamedResource[];
  /** Relative to the project root, forward slashes. */
  readonly file: string;
  readonly documentIndex: number;
  /** Its document has no syntax or schema error. */
  readonly usable: boolean;
  /**
   * Where a value (or its key) stands in the file. What is not there gives the nearest parent that is: for a key the
   * parent's key, so that a finding about something missing has a short range.
   */
  locate(path: ManifestPath, part?: PathPart): Range;
  /** Exactly there, or undefined. */
  find(path: ManifestPath, part?: PathPart): Range | undefined;
}

export type CertificateResource = Resource<CertificateSpec>;
/** A certificate that cert-manager keeps. */
export type ObservedCertificate = Resource<CertManagerCertificateSpec>;
export type BackendResource = Resource<BackendSpec>;
export type MachineResource = Resource<MachineSpec>;
export type ProjectResource = Resource<ProjectSpec>;
