import type { Finding } from '../../core/finding.ts';
import type { KeyPolicy } from '../../core/keys/sharing/keyPolicy.ts';
import type { KeyHolder } from './keyHolders.ts';
import type { NamingIdentity } from './keyUses.ts';

/** What a project says of keys, wherever they are found. Files are those of the project. */
export interface KeyKnowledge {
  /** By the record, in use first; by the hex SHA-256 of the SubjectPublicKeyInfo. */
  readonly holders: ReadonlyMap<string, readonly KeyHolder[]>;
  /** Whose manifest names a file. */
  naming(file: string): readonly NamingIdentity[];
  /** What policies say of a rule on keys. */
  policiesOn(rule: string): readonly KeyPolicy[];
  /** Those of which neither a comment nor a waiver makes an exception. */
  withoutIgnored(findings: readonly Finding[]): readonly Finding[];
}

/** A folder that declares no identity and has no record says nothing. */
export const NO_KNOWLEDGE: KeyKnowledge = {
  holders: new Map(),
  naming: () => [],
  policiesOn: () => [],
  withoutIgnored: (findings) => findings,
};
