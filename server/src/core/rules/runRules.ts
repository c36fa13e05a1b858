import type { Finding, Severity } from '../finding.ts';
import type { RuleContext } from './context.ts';
import { RULES } from './generated/registry.ts';
import { withoutIgnored } from './ignored.ts';
import type { Rule } from './rule.ts';

/** A person's word on rules, by id. */
export type RuleSettings = Readonly<Record<string, Severity | 'off'>>;

const METAS = new Map(RULES.map(({ meta }) => [meta.id, meta]));

/**
 * Runs the rules that are not off: those on manifests alone, or, where the record was read, those on it; then those on
 * what was found. A rule that fails is reported as such, and the others go on. Findings that a comment ignores are left out.
 */
export function runRules(context: RuleContext, settings: RuleSettings): readonly Finding[] {
  const readsRecord = context.recorded !== undefined;
  const first = RULES.filter(
    ({ meta }) => meta.readsFindings !== true && (meta.readsRecord ?? false) === readsRecord,
  );
  const findings = run(first, context, settings);
  const last = RULES.filter(({ meta }) => meta.readsFindings === true);
  const onThem = run(last, { ...context, others: { findings, metas: METAS } }, settings);
  return [...withoutIgnored(findings, context), ...onThem];
}

function run(
  rules: readonly Rule<RuleContext>[],
  context: RuleContext,
  settings: RuleSettings,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { meta, check } of rules) {
    const severity = settings[meta.id] ?? meta.severity;
    if (severity === 'off') continue;
    try {
      for (const finding of check(context)) findings.push({ ...finding, rule: meta.id, severity });
    } catch {
      const file = context.index.resources[0]?.file;
      if (file !== undefined) findings.push(brokenRule(meta.id, file));
    }
  }
  return findings;
}

/** The same for findings that are there already. */
export function applySettings(findings: readonly Finding[], settings: RuleSettings): readonly Finding[] {
  return findings.flatMap((finding) => {
    const severity = settings[finding.rule] ?? finding.severity;
    if (severity === 'off') return [];
    return severity === finding.severity ? [finding] : [{ ...finding, severity }];
  });
}

function brokenRule(rule: string, file: string): Finding {
  const start = { line: 0, character: 0 };
  return {
    rule: 'manifest/rule-failed',
    severity: 'warning',
    message: `the rule ${rule} failed on this project and was passed over; please report it`,
    file,
    range: { start, end: start },
    related: [],
    fixes: [],
  };
}
