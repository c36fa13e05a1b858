import type { Finding, Severity } from '../finding.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { ManifestDocument, ManifestFile } from '../manifest/manifestFile.ts';
import { CUSTOM } from '../policy/customRules.ts';
import {
  gradedByPolicies,
  type KeptVerdicts,
  keepVerdicts,
  type PolicyInput,
  policyFindings,
  policyFindingsAhead,
  policyFindingsByFile,
} from '../policy/policyFindings.ts';
import { CUSTOM_RULE, POLICY_RULES } from '../policy/policyRules.ts';
import type { JudgingRules } from '../policy/said.ts';
import type { Others, RuleContext } from './context.ts';
import { LINT_RULE_NAMES } from './generated/otherRules.ts';
import { RULES } from './generated/registry.ts';
import { withoutIgnored } from './ignored.ts';
import { byFile, filesOf, isAbout, othersAmong } from './others.ts';
import { findingsAhead, findingsPerResource, type KeptFindings, keepFindings } from './perResource.ts';
import { perValue } from './perValue.ts';
import type { KnownRule, Rule } from './rule.ts';

/** A person's word on rules, by id. */
export type RuleSettings = Readonly<Record<string, Severity | 'off'>>;

/** What rules and policies said, for a next run to start from. */
export interface KeptRuns {
  readonly single: KeptFindings;
  readonly policies: KeptVerdicts;
}

export function keepRuns(): KeptRuns {
  return { single: keepFindings(), policies: keepVerdicts() };
}

/** Certificates that were issued are linted where the record is read. */
const LINT_NAMES = LINT_RULE_NAMES.map((name): [string, KnownRule] => [
  name.id,
  { ...name, readsRecord: true },
]);

const METAS = new Map(RULES.map(({ meta }) => [meta.id, meta]));

/**
 * Runs the rules that are not off: those on manifests alone, or, where the record was read, those on it; then those on
 * what was found. A rule that fails is reported as such, and the others go on. Findings that a comment ignores are left out.
 * With the same `kept` each time, and the same settings, a rule that looks at single resources runs for those that changed.
 */
export function runRules(
  context: RuleContext,
  settings: RuleSettings,
  kept: KeptRuns = keepRuns(),
): readonly Finding[] {
  const { graded, judging } = ruled(context, settings, kept);
  const policed = context.recorded === undefined ? policyFindings(judging, kept.policies) : [];
  const found = policed.length === 0 ? graded : [...graded, ...policed];
  const all = context.unexcepted === true ? found : withoutIgnored(context)(found);
  return [...all, ...lastRules({ ...context, others: othersAmong(found, metasWith(context)) }, settings)];
}

/**
 * What `runRules` says of manifests, file by file: policies judge those files alone that somebody asks about, so that after an
 * edit of a policy nobody waits for all that it selects. Until the next call with the same `kept`.
 */
export function runRulesPerFile(
  context: RuleContext,
  settings: RuleSettings,
  kept: KeptRuns,
): (path: string) => readonly Finding[] {
  const { index } = context;
  const { graded, judging } = ruled(context, settings, kept);
  const gradedIn = byFile(graded);
  const policed = policyFindingsByFile(judging, kept.policies);
  const inFile = (path: string): readonly Finding[] => {
    const file = index.files.get(path);
    return [...(gradedIn.get(path) ?? []), ...(file === undefined ? [] : policed(file))];
  };
  const others: Others = {
    inFile,
    about: (identities) => [
      ...graded.filter(isAbout(identities)),
      ...filesOf(identities, index).flatMap((file) => policed(file).filter(isAbout(identities))),
    ],
    metas: metasWith(context),
  };
  const unless = withoutIgnored(context);
  const last = byFile(lastRules({ ...context, others }, settings));
  return (path) => [...unless(inFile(path)), ...(last.get(path) ?? [])];
}

/** What rules say, as grave as policies make it, and what policies are asked with. */
function ruled(
  context: RuleContext,
  settings: RuleSettings,
  kept: KeptRuns,
): { readonly graded: readonly Finding[]; readonly judging: PolicyInput } {
  const { together, single } = wantedRules(context, settings);
  const findings: Finding[] = [...applySettings(context.recorded?.lint ?? [], settings)];
  for (const rule of together) run(rule, context, settings, findings);
  if (single.length > 0) {
    findings.push(...findingsPerResource(context.index, kept.single, sayOf(single, context, settings)));
    for (const { meta, checkTogether } of single)
      if (checkTogether !== undefined) run({ meta, check: checkTogether }, context, settings, findings);
  }
  const judging = judgingOf(context, settings);
  return { graded: gradedByPolicies(saidOnce(findings), judging, kept.policies), judging };
}

/** The rules on what others found. */
function lastRules(context: RuleContext, settings: RuleSettings): readonly Finding[] {
  const said: Finding[] = [];
  for (const rule of RULES)
    if (rule.meta.readsFindings === true && settings[rule.meta.id] !== 'off')
      run(rule, context, settings, said);
  return said;
}

/** All rules by id, with those that policies make themselves. */
function metasWith({ index, policies = [] }: RuleContext): ReadonlyMap<string, KnownRule> {
  const custom = [...index.policies(), ...policies.map(({ resource }) => resource)].flatMap(
    ({ usable, spec }) => (usable ? (spec.customRules ?? []) : []),
  );
  return new Map([
    ...METAS,
    ...LINT_NAMES,
    ...POLICY_RULES.map((meta) => [meta.id, meta] as const),
    ...custom.map(({ id }) => [CUSTOM + id, CUSTOM_RULE] as const),
  ]);
}

/** What policies are asked with. */
function judgingOf({ index, now, policies, acting }: RuleContext, settings: RuleSettings): PolicyInput {
  return {
    index,
    now,
    ...(policies === undefined ? {} : { outside: policies }),
    ...(acting === undefined ? {} : { acting }),
    rules: judgesOf(settings),
  };
}

/** The rules that judge by a policy's parameters. One that fails is passed over, as others are. */
export const judgesOf = perValue((settings: RuleSettings): JudgingRules => {
  const judges = RULES.flatMap(({ meta, judge, ofField }) => {
    const set = settings[meta.id];
    if (judge === undefined || set === 'off') return [];
    return [[meta.id, { severity: set ?? meta.severity, judge, ...(ofField && { ofField }) }] as const];
  });
  return new Map(judges);
});

/**
 * What rules say of one file's resources, for a later `runRules` with the same `kept` to find. The index has all resources that
 * many others name; the rest of the project may not be read yet.
 */
export function runRulesAhead(
  context: RuleContext,
  settings: RuleSettings,
  kept: KeptRuns,
): (file: ManifestFile) => void {
  const { together, single } = wantedRules(context, settings);
  const say = sayOf(single, context, settings);
  const judging = context.recorded === undefined ? judgingOf(context, settings) : undefined;
  return (file) => {
    findingsAhead(context.index, file, kept.single, say);
    if (judging !== undefined) policyFindingsAhead(judging, file, kept.policies);
    for (const { resource } of file.documents)
      if (resource !== undefined) for (const { remember } of together) remember?.(resource);
  };
}

interface WantedRules {
  readonly together: readonly Rule<RuleContext>[];
  /** Those that look at one resource at a time. */
  readonly single: readonly Rule<RuleContext>[];
}

function wantedRules({ recorded }: RuleContext, settings: RuleSettings): WantedRules {
  const readsRecord = recorded !== undefined;
  const wanted = RULES.filter(
    ({ meta, check }) =>
      settings[meta.id] !== 'off' &&
      check !== undefined &&
      meta.readsFindings !== true &&
      (meta.readsRecord ?? false) === readsRecord,
  );
  return {
    together: wanted.filter(({ meta }) => meta.perResource !== true),
    single: wanted.filter(({ meta }) => meta.perResource === true),
  };
}

function sayOf(rules: readonly Rule<RuleContext>[], context: RuleContext, settings: RuleSettings) {
  return (index: ProjectIndex, document: ManifestDocument, path: string): readonly Finding[] => {
    const alone = { ...context, index, only: { document, path } };
    const said: Finding[] = [];
    for (const rule of rules) run(rule, alone, settings, said);
    return said;
  };
}

function run(
  { meta, check }: Rule<RuleContext>,
  context: RuleContext,
  settings: RuleSettings,
  findings: Finding[],
): void {
  const set = settings[meta.id];
  const severity = set === undefined || set === 'off' ? meta.severity : set;
  try {
    for (const finding of check?.(context) ?? []) findings.push({ severity, ...finding, rule: meta.id });
  } catch {
    const file = context.index.resources[0]?.file;
    if (file !== undefined) findings.push(brokenRule(meta.id, file));
  }
}

/** A rule that fails on each resource failed once. */
function saidOnce(findings: readonly Finding[]): readonly Finding[] {
  const broken = new Set<string>();
  return findings.filter(({ rule, message }) => {
    if (rule !== BROKEN_RULE) return true;
    if (broken.has(message)) return false;
    broken.add(message);
    return true;
  });
}

/** The same for findings that are there already. */
export function applySettings(findings: readonly Finding[], settings: RuleSettings): readonly Finding[] {
  return findings.flatMap((finding) => {
    const severity = settings[finding.rule] ?? finding.severity;
    if (severity === 'off') return [];
    return severity === finding.severity ? [finding] : [{ ...finding, severity }];
  });
}

const BROKEN_RULE = 'manifest/rule-failed';

function brokenRule(rule: string, file: string): Finding {
  const start = { line: 0, character: 0 };
  return {
    rule: BROKEN_RULE,
    severity: 'warning',
    message: `the rule ${rule} failed on this project and was passed over; please report it`,
    file,
    range: { start, end: start },
    related: [],
    fixes: [],
  };
}
