import type { IdentityId } from '../identity/identityId.ts';
import type { Selection } from '../identity/selection.ts';
import type {
  BackendSpec,
  CertificateSpec,
  CertManagerCertificateSpec,
  KeySpec,
  MachineSpec,
  PlaybookSpec,
  PolicySpec,
  ProjectSpec,
  SshCertificateSpec,
  SshKeySpec,
  TokenSpec,
  TrustBundleSpec,
  WorkloadSpec,
} from '../schema/generated/specs.ts';
import type { Range } from '../text/position.ts';
import type { JsonObject, ManifestPath, PathPart } from './path.ts';

/** A value in a manifest that names another resource. */
export interface NamedResource {
  readonly path: ManifestPath;
  /** Kind of what is named. */
  readonly kind: string;
  /** As written: `name` or `namespace/name`; with its kind in front where `saysKind`. */
  readonly name: string;
  /** The text names the kind, too: `Certificate/payments/api`. */
  readonly saysKind: boolean;
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
  /** Empty for kinds without one, such as Backend; `default` where the manifest names none. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly formerNames: readonly string[];
  /** As written, without defaults. Its type holds only while `usable`. */
  readonly spec: Spec;
  readonly names: readonly NamedResource[];
  /** Kinds of what it names: at hand, where `names` may have to be read again. */
  readonly namedKinds: readonly string[];
  /** What selectors ask of it: at hand, too. */
  readonly selection: Selection;
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
  /** False: no value of it has this word in it. True: it has to be looked at. */
  mentions(word: string): boolean;
  /** The text of the value there, as it is written; undefined where nothing is. */
  source(path: ManifestPath): string | undefined;
}

/** A resource of a known kind: `kind` tells which specification it has, while it is usable. */
interface ResourceOf<Kind extends string, Spec> extends Resource<Spec> {
  readonly kind: Kind;
}

export type CertificateResource = ResourceOf<'Certificate', CertificateSpec>;
export type KeyResource = ResourceOf<'Key', KeySpec>;
export type SshKeyResource = ResourceOf<'SshKey', SshKeySpec>;
export type SshCertificateResource = ResourceOf<'SshCertificate', SshCertificateSpec>;
export type TokenResource = ResourceOf<'Token', TokenSpec>;
export type WorkloadResource = ResourceOf<'Workload', WorkloadSpec>;

/** Declares one credential: a resource of one of `IDENTITY_KINDS`. */
export type IdentityResource =
  | CertificateResource
  | KeyResource
  | SshKeyResource
  | SshCertificateResource
  | TokenResource
  | WorkloadResource;

/** A certificate that cert-manager keeps. */
export type ObservedCertificate = Resource<CertManagerCertificateSpec>;

export type BackendResource = ResourceOf<'Backend', BackendSpec>;
export type MachineResource = ResourceOf<'Machine', MachineSpec>;
export type PlaybookResource = ResourceOf<'Playbook', PlaybookSpec>;
export type PolicyResource = ResourceOf<'Policy', PolicySpec>;
export type ProjectResource = ResourceOf<'Project', ProjectSpec>;
export type TrustBundleResource = ResourceOf<'TrustBundle', TrustBundleSpec>;
