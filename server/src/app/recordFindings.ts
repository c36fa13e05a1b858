import type { Finding } from '../core/finding.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { IdentityRecord } from '../core/lifecycle/record.ts';
import type { StateStore } from '../core/lifecycle/stateStore.ts';
import type { Hasher } from '../core/ports.ts';
import type { Git } from '../platform/git/git.ts';

export interface RecordFindingsInput {
  readonly index: ProjectIndex;
  readonly records: ReadonlyMap<string, IdentityRecord>;
  readonly store: StateStore;
  readonly git: Git | undefined;
  readonly now: Date;
  readonly hasher: Hasher;
}

export async function recordFindings(
  _input: RecordFindingsInput,
  _signal: AbortSignal,
): Promise<readonly Finding[]> {
  return [];
}
