import type { Finding } from '../finding.ts';
import type { IdentityId } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { WritingVerb } from '../lifecycle/plan.ts';
import type { IdentityRecord } from '../lifecycle/record.ts';
import type { DamagedEvent } from '../lifecycle/stateStore.ts';
import type { ManifestDocument } from '../manifest/manifestFile.ts';
import type { IdentityResource } from '../manifest/resource.ts';
import type { BoundPolicy } from '../policy/boundPolicy.ts';
import type { Hasher } from '../ports.ts';
import type { TrustFacts } from '../trust/trustFacts.ts';
import type { KnownRule } from './rule.ts';

/** What was read beside the manifests and events, by `formatIdentity`. */
export interface RecordedFacts {
  /** Identities that have events and no manifest of their name. */
  readonly undeclared: readonly IdentityId[];
  /** Digest of what a usable manifest declares now (`specDigestOf`). */
  specDigestOf(resource: IdentityResource): string;
  /** Who removed the manifest of an identity that has none any more, and when. */
  readonly removals: ReadonlyMap<string, string>;
  /** Identities without a manifest here that another branch declares. */
  readonly declaredElsewhere: ReadonlySet<string>;
  readonly damaged: readonly DamagedEvent[];
  /** What was found of recorded credentials by rules that are loaded for it. */
  readonly lint: readonly Finding[];
  /** What trust bundles hold; absent where none names a file that could be read. */
  readonly trust?: TrustFacts;
  readonly hasher: Hasher;
}

/** Everything that rules may look at: data alone, so that the same project gives the same findings. */
export interface RuleContext {
  readonly index: ProjectIndex;
  readonly now: Date;
  /** By `formatIdentity`; empty where the record was not read. */
  readonly records: ReadonlyMap<string, IdentityRecord>;
  /** What the record's rules need besides; absent where the record was not read. */
  readonly recorded?: RecordedFacts;
  /** Policies that come from outside of the project: nothing in it writes them away. */
  readonly policies?: readonly BoundPolicy[];
  /** The verb that is about to be carried out; left out in a check. */
  readonly acting?: WritingVerb;
  /** No exception is made: for whoever lists them. */
  readonly unexcepted?: true;
  /** Roles that each backend type can play. */
  readonly backendRoles: ReadonlyMap<string, readonly string[]>;
  /** What a rule with `perResource` is asked about; its resource is the only one of `index.resources`. */
  readonly only?: { readonly document: ManifestDocument; readonly path: string };
  /** For rules on what the others found. */
  readonly others?: Others;
}

/** What the other rules found, exceptions or not; whoever asks about one file has only that one judged. */
export interface Others {
  inFile(path: string): readonly Finding[];
  /** About identities, by `formatIdentity`, wherever they are declared. */
  about(identities: ReadonlySet<string>): readonly Finding[];
  /** All rules by id. */
  readonly metas: ReadonlyMap<string, KnownRule>;
}
