import type { Finding } from '../core/finding.ts';
import type { OutsideOrigin } from '../core/policy/boundPolicy.ts';
import { CUSTOM } from '../core/policy/customRules.ts';
import { asksOf } from '../core/policy/effectivePolicy.ts';
import { formatReference, readPackReference } from '../core/policy/packReference.ts';
import { type ComplianceReport, complianceReport } from '../core/report/complianceReport.ts';
import { exceptionsIn } from '../core/rules/exceptions.ts';
import { LINT_RULE_NAMES } from '../core/rules/generated/otherRules.ts';
import { RULES } from '../core/rules/generated/registry.ts';
import { judgesOf, runRules } from '../core/rules/runRules.ts';
import { backendRoles } from '../core/schema/backendRoles.ts';
import { userStateFolder } from '../platform/disk/userState.ts';
import type { Project } from './api.ts';
import { issuedInUse } from './issuedInUse.ts';
import { PackError } from './policies/packError.ts';
import { readPack, shippedPacks } from './policies/readPack.ts';
import { VERSION } from './version.ts';

export interface ReportedPack extends ComplianceReport {
  readonly project: string;
  /** The time that it is judged by. */
  readonly now: string;
  readonly tool: string;
  readonly pack: {
    readonly name: string;
    readonly reference: string;
    readonly digest: string;
    /** Who has it in force here; null: nobody, it is only reported on. */
    readonly by: OutsideOrigin['by'] | null;
  };
}

/** `name`: of a pack that ships with the program, or how any other is named. */
export async function reportOnPack(
  project: Project,
  name: string,
  { now, base }: { readonly now: Date; readonly base: string },
  signal: AbortSignal,
): Promise<ReportedPack> {
  const read = readPackReference(shippedPacks().includes(name) ? `pack:${name}` : name);
  if ('problem' in read) throw new PackError(read.problem, read.hint);
  const pack = readPack(read.reference, 'project', {
    stateHome: userStateFolder(process.env, process.platform),
    base,
  });
  // What rests on the record is found there; what manifests alone show is asked without exceptions.
  const checked = await project.check(signal);
  const index = project.workspace.index();
  const policies = project.workspace.outsidePolicies();
  const context = { index, now, records: new Map(), policies, backendRoles: backendRoles() };
  const own: readonly Finding[] = runRules({ ...context, unexcepted: true }, {});
  const recorded = new Set([
    ...RULES.flatMap(({ meta }) => (meta.readsRecord === true ? [meta.id] : [])),
    ...LINT_RULE_NAMES.map(({ id }) => id),
  ]);
  const demanded = policies.find(
    ({ origin }) =>
      origin !== 'project' && origin.name === pack.origin.name && origin.digest === pack.origin.digest,
  )?.origin;
  // Whoever demands it decides whether the project may make exceptions.
  const by = demanded === undefined || demanded === 'project' ? undefined : demanded.by;
  const origin: OutsideOrigin = { ...pack.origin, by: by ?? 'project' };
  const bound = pack.policies.map(({ resource }) => ({ resource, origin }));
  const report = complianceReport({
    index,
    policies: bound,
    now,
    rules: judgesOf({}),
    metas: new Map([...RULES.map(({ meta }) => meta), ...LINT_RULE_NAMES].map((each) => [each.id, each])),
    found: [...own, ...checked.filter(({ rule }) => recorded.has(rule))].filter(
      ({ rule }) => !rule.startsWith(CUSTOM),
    ),
    issued: await issuedInUse(
      project,
      index.identities(),
      pack.policies.flatMap((policy) => asksOf(policy).map(({ rule }) => rule)),
      signal,
    ),
    exceptionsOn: perDay((day) => exceptionsIn({ index, now: new Date(`${day}T00:00:00Z`), policies })),
  });
  return {
    project: project.name,
    now: now.toISOString(),
    tool: `idac ${VERSION}`,
    pack: {
      name: pack.origin.name,
      reference: formatReference(read.reference),
      digest: pack.origin.digest ?? '',
      by: by ?? null,
    },
    ...report,
  };
}

function perDay<T>(make: (day: string) => T): (day: string) => T {
  const known = new Map<string, T>();
  return (day) => {
    const value = known.get(day) ?? make(day);
    known.set(day, value);
    return value;
  };
}
