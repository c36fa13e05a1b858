import type { Finding } from '../core/finding.ts';
import type { IdentityId } from '../core/identity/identityId.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import { declarationOf, specDigestOf } from '../core/lifecycle/declarationOf.ts';
import { currentGeneration, type IdentityRecord } from '../core/lifecycle/record.ts';
import type { DamagedEvent } from '../core/lifecycle/stateStore.ts';
import type { IdentityResource } from '../core/manifest/resource.ts';
import type { Hasher } from '../core/ports.ts';
import { type KeptFindings, keepFindings } from '../core/rules/perResource.ts';
import { runRules } from '../core/rules/runRules.ts';
import { backendRoles } from '../core/schema/backendRoles.ts';
import type { Git } from '../platform/git/git.ts';

export interface RecordFindingsInput {
  readonly index: ProjectIndex;
  readonly records: ReadonlyMap<string, IdentityRecord>;
  readonly recorded: readonly IdentityId[];
  readonly damaged: readonly DamagedEvent[];
  /** Undefined in an untrusted workspace: then nobody is asked who removed a manifest. */
  readonly git: Pick<Git, 'branchesThatHold' | 'removedBy'> | undefined;
  readonly now: Date;
  readonly hasher: Hasher;
}

/** What rests on names and records alone, and is as it was while neither changes. */
export interface KeptRecordFindings {
  readonly names: object;
  readonly records: RecordFindingsInput['recorded'];
  readonly workloads: readonly object[];
  readonly undeclared: readonly IdentityId[];
  /** What rules said of single resources. */
  readonly said: KeptFindings;
}

function keptFor({ index, recorded }: RecordFindingsInput, kept?: KeptRecordFindings): KeptRecordFindings {
  const { names } = index;
  const workloads = index.ofKind('Workload');
  const isSame = kept?.names === names && kept.records === recorded;
  const undeclared = isSame
    ? kept.undeclared
    : recorded.filter((identity) => index.get(identity) === undefined);
  // Who is the first of two changes with either; what a workload declares rests on its parent.
  const holds = isSame && index.repeated.length === 0 && kept.workloads === workloads;
  return { names, records: recorded, workloads, undeclared, said: holds ? kept.said : keepFindings() };
}

/** Who removed the manifests of live identities that have none any more, and which of them another branch declares. */
async function orphans(
  undeclared: readonly IdentityId[],
  { records, git }: RecordFindingsInput,
  signal: AbortSignal,
): Promise<{
  readonly removals: ReadonlyMap<string, string>;
  readonly declaredElsewhere: ReadonlySet<string>;
}> {
  const removals = new Map<string, string>();
  const declaredElsewhere = new Set<string>();
  if (git === undefined) return { removals, declaredElsewhere };
  for (const identity of undeclared) {
    const key = formatIdentity(identity);
    const record = records.get(key);
    if (record === undefined || record.live.size === 0) continue;
    const bearer = [...record.live.keys()][0] ?? null;
    const file = currentGeneration(record, bearer)?.issued.declaredIn;
    if (file === undefined) continue;
    if ((await git.branchesThatHold(file, `name: ${identity.name}`, signal)).length > 0)
      declaredElsewhere.add(key);
    const removal = await git.removedBy(file, signal);
    if (removal === undefined) continue;
    const { commit, author, date, subject } = removal;
    removals.set(key, `${author} on ${date.slice(0, 10)} in ${commit.slice(0, 10)} (${subject})`);
  }
  return { removals, declaredElsewhere };
}

/**
 * What the record, compared with the manifests and the time, has to say. With what was `kept` of the last time, and the same
 * records, only resources that changed are looked at: what time does to the others shows when all are read again.
 */
export async function recordFindings(
  input: RecordFindingsInput,
  signal: AbortSignal,
  before?: KeptRecordFindings,
): Promise<{ readonly findings: readonly Finding[]; readonly kept: KeptRecordFindings }> {
  const { index, records, now, damaged, hasher } = input;
  const kept = keptFor(input, before);
  const recorded = {
    undeclared: kept.undeclared,
    specDigestOf: (resource: IdentityResource) => specDigestOf(declarationOf(resource, index), hasher),
    damaged,
    ...(await orphans(kept.undeclared, input, signal)),
  };
  const context = { index, now, records, recorded, backendRoles: backendRoles() };
  return { findings: runRules(context, {}, kept.said), kept };
}
