/** Controls and their evidence: what each policy in force asks, of whom, and whether they keep it. */
import type { Finding, Severity } from '../finding.ts';
import { formatIdentity } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { Ask, BoundPolicy } from '../policy/boundPolicy.ts';
import { judgedOf } from '../policy/judged.ts';
import { policiesInForce } from '../policy/policiesInForce.ts';
import type { JudgingRules } from '../policy/policyFindings.ts';

export interface Shortfall {
  readonly identity: string;
  readonly owner: string | null;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

export interface Control {
  readonly rule: string;
  readonly severity: Severity | null;
  /** The paragraph, as the policy cites it. */
  readonly cites: string | null;
  /** Identities that it is asked of; kept by; waived, with reason and day in the policy; not kept by. */
  readonly asked: number;
  readonly kept: number;
  readonly waived: number;
  readonly shortfalls: readonly Shortfall[];
}

export interface PolicyEvidence {
  readonly policy: string;
  /** `project`, or as people are told: `pack cabf-tls 0.1.0`. */
  readonly source: string;
  readonly digest: string | null;
  readonly controls: readonly Control[];
}

export interface ComplianceReport {
  readonly project: string;
  /** ISO 8601. */
  readonly now: string;
  readonly identities: number;
  /** Manifests that cannot be read: nothing is known of them. */
  readonly unreadable: number;
  readonly policies: readonly PolicyEvidence[];
}

export interface ComplianceInput {
  readonly project: string;
  readonly now: Date;
  readonly index: ProjectIndex;
  readonly outside: readonly BoundPolicy[];
  readonly rules: JudgingRules;
  /** What a check finds, after waivers. */
  readonly findings: readonly Finding[];
}

interface Counted {
  asked: number;
  waived: number;
  readonly shortfalls: Shortfall[];
}

export function complianceReport(input: ComplianceInput): ComplianceReport {
  const { project, now, index, outside, findings } = input;
  const inForce = policiesInForce(index, now, outside);
  const standing = findingsByIdentity(findings);
  const counted = new Map<Ask, Counted>();
  const identities = index.identities();
  for (const identity of identities) {
    if (!identity.usable) continue;
    const found = standing.get(formatIdentity(identity)) ?? [];
    const judged = judgedOf(identity, index, inForce.day);
    for (const ask of inForce.effectOn(identity).asks) {
      const sum = counted.get(ask) ?? { asked: 0, waived: 0, shortfalls: [] };
      counted.set(ask, sum);
      sum.asked += 1;
      const still = found.filter(({ rule }) => rule === ask.rule);
      const judge = ask.judge ?? input.rules.get(ask.rule)?.judge;
      const verdicts = judge === undefined ? [] : [...judge(judged, ask.parameters)];
      // A rule that judges by itself says nothing of parameters: what the check found of it counts.
      const messages =
        judge === undefined ? still.map(({ message }) => message) : verdicts.map(({ message }) => message);
      const [message] = messages;
      if (message === undefined) continue;
      if (still.length === 0) {
        sum.waived += 1;
        continue;
      }
      const owner = identity.spec.owner?.team ?? inForce.defaultTeam ?? null;
      const range =
        verdicts[0] === undefined ? still[0]?.range : identity.locate(verdicts[0].path, verdicts[0].part);
      sum.shortfalls.push({
        identity: formatIdentity(identity),
        owner,
        file: identity.file,
        line: (range?.start.line ?? 0) + 1,
        message,
      });
    }
  }
  return {
    project,
    now: now.toISOString(),
    identities: identities.length,
    unreadable: identities.filter(({ usable }) => !usable).length,
    policies: evidenceOf(inForce.policies, counted),
  };
}

function evidenceOf(
  policies: readonly BoundPolicy[],
  counted: ReadonlyMap<Ask, Counted>,
): readonly PolicyEvidence[] {
  const byPolicy = new Map<BoundPolicy, Control[]>(policies.map((policy) => [policy, []]));
  for (const [{ policy, rule, severity, cites }, { asked, waived, shortfalls }] of counted)
    byPolicy.get(policy)?.push({
      rule,
      severity: severity ?? null,
      cites: cites ?? null,
      asked,
      kept: asked - waived - shortfalls.length,
      waived,
      shortfalls,
    });
  return [...byPolicy].map(([{ resource, origin }, controls]) => ({
    policy: resource.name,
    source: origin === 'project' ? 'project' : origin.name,
    digest: origin === 'project' ? null : (origin.digest ?? null),
    controls: controls.sort((a, b) => (a.rule < b.rule ? -1 : 1)),
  }));
}

function findingsByIdentity(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.identity === undefined) continue;
    const key = formatIdentity(finding.identity);
    const others = found.get(key);
    if (others === undefined) found.set(key, [finding]);
    else others.push(finding);
  }
  return found;
}
