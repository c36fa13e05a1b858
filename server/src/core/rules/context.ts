import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { IdentityRecord } from '../lifecycle/record.ts';

/** Everything that rules may look at: data alone, so that the same project gives the same findings. */
export interface RuleContext {
  readonly index: ProjectIndex;
  readonly now: Date;
  /** By `formatIdentity`; empty where the record was not read. */
  readonly records: ReadonlyMap<string, IdentityRecord>;
  /** Roles that each backend type can play. */
  readonly backendRoles: ReadonlyMap<string, readonly string[]>;
}
