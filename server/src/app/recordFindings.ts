import type { Finding } from '../core/finding.ts';
import type { IdentityId } from '../core/identity/identityId.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import { declarationOf, specDigestOf } from '../core/lifecycle/declarationOf.ts';
import { currentGeneration, type IdentityRecord } from '../core/lifecycle/record.ts';
import type { DamagedEvent } from '../core/lifecycle/stateStore.ts';
import type { ManifestFile } from '../core/manifest/manifestFile.ts';
import type { IdentityResource } from '../core/manifest/resource.ts';
import type { BoundPolicy } from '../core/policy/boundPolicy.ts';
import type { Hasher } from '../core/ports.ts';
import type { RecordedFacts, RuleContext } from '../core/rules/context.ts';
import { type KeptRuns, keepRuns, runRules, runRulesAhead } from '../core/rules/runRules.ts';
import { backendRoles } from '../core/schema/backendRoles.ts';
import type { TrustFacts } from '../core/trust/trustFacts.ts';
import type { Git } from '../platform/git/git.ts';

export interface RecordFindingsInput {
  readonly index: ProjectIndex;
  /** Policies that do not come from the project. */
  readonly policies: readonly BoundPolicy[];
  readonly records: ReadonlyMap<string, IdentityRecord>;
  readonly recorded: readonly IdentityId[];
  readonly damaged: readonly DamagedEvent[];
  /** What was found of recorded certificates. */
  readonly lint: readonly Finding[];
  /** What trust bundles hold. */
  readonly trust: TrustFacts | undefined;
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
  readonly said: KeptRuns;
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
  return { names, records: recorded, workloads, undeclared, said: holds ? kept.said : keepRuns() };
}

/** What was found of single resources while others were read. */
export interface FoundAhead {
  readonly ahead: KeptRuns;
}

/** Says of each file what a later `recordFindings` finds: see `runRulesAhead`. */
export function recordFindingsAhead(
  input: Omit<RecordFindingsInput, 'git' | 'recorded' | 'damaged' | 'lint' | 'trust'>,
): {
  readonly look: (file: ManifestFile) => void;
  readonly found: FoundAhead;
} {
  const said = keepRuns();
  const context = contextOf(
    input,
    { undeclared: [], removals: new Map(), declaredElsewhere: new Set(), lint: [] },
    [],
  );
  return { look: runRulesAhead(context, {}, said), found: { ahead: said } };
}

function contextOf(
  {
    index,
    policies,
    now,
    records,
    hasher,
  }: Pick<RecordFindingsInput, 'index' | 'policies' | 'now' | 'records' | 'hasher'>,
  facts: Pick<RecordedFacts, 'undeclared' | 'removals' | 'declaredElsewhere' | 'lint' | 'trust'>,
  damaged: RecordFindingsInput['damaged'],
): RuleContext {
  const digestOf = (resource: IdentityResource): string =>
    specDigestOf(declarationOf(resource, index), hasher);
  const recorded = { ...facts, specDigestOf: digestOf, damaged, hasher };
  return { index, policies, now, records, recorded, backendRoles: backendRoles() };
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
  before?: KeptRecordFindings | FoundAhead,
): Promise<{ readonly findings: readonly Finding[]; readonly kept: KeptRecordFindings }> {
  const { index } = input;
  const kept = keptFor(input, before !== undefined && 'names' in before ? before : undefined);
  // Two of one name were each taken for the only one.
  const isAhead = before !== undefined && 'ahead' in before && index.repeated.length === 0;
  const said = isAhead ? before.ahead : kept.said;
  const { undeclared } = kept;
  const context = contextOf(
    input,
    {
      undeclared,
      lint: input.lint,
      ...(await orphans(undeclared, input, signal)),
      ...(input.trust === undefined ? {} : { trust: input.trust }),
    },
    input.damaged,
  );
  return { findings: runRules(context, {}, said), kept: { ...kept, said } };
}
