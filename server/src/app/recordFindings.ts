import type { Finding } from '../core/finding.ts';
import type { IdentityId } from '../core/identity/identityId.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import { declarationOf, specDigestOf } from '../core/lifecycle/declarationOf.ts';
import { currentGeneration, type IdentityRecord } from '../core/lifecycle/record.ts';
import type { DamagedEvent } from '../core/lifecycle/stateStore.ts';
import type { Hasher } from '../core/ports.ts';
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

/** Of what has a record: nothing else is compared with it. */
function digests({ index, records, hasher }: RecordFindingsInput): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  if (records.size === 0) return all;
  for (const resource of index.identities()) {
    const { key } = resource;
    if (!resource.usable || !records.has(key)) continue;
    all.set(key, specDigestOf(declarationOf(resource, index), hasher));
  }
  return all;
}

/** Who removed the manifests of live identities that have none any more, and which of them another branch declares. */
async function orphans(
  { index, recorded, records, git }: RecordFindingsInput,
  signal: AbortSignal,
): Promise<{
  readonly removals: ReadonlyMap<string, string>;
  readonly declaredElsewhere: ReadonlySet<string>;
}> {
  const removals = new Map<string, string>();
  const declaredElsewhere = new Set<string>();
  if (git === undefined) return { removals, declaredElsewhere };
  for (const identity of recorded) {
    const key = formatIdentity(identity);
    const record = records.get(key);
    if (index.get(identity) !== undefined || record === undefined || record.live.size === 0) continue;
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

/** What the record, compared with the manifests and the time, has to say. */
export async function recordFindings(
  input: RecordFindingsInput,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { index, records, recorded, now, damaged } = input;
  const facts = {
    identities: recorded,
    specDigests: digests(input),
    damaged,
    ...(await orphans(input, signal)),
  };
  return runRules({ index, now, records, recorded: facts, backendRoles: backendRoles() }, {});
}
