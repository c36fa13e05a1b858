import type { Finding, Severity } from '../finding.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { RuleContext } from './context.ts';
import { RULES } from './generated/registry.ts';
import { findingsPerResource, type KeptFindings, keepFindings } from './perResource.ts';
import type { Rule } from './rule.ts';

/** A person's word on rules, by id. */
export type RuleSettings = Readonly<Record<string, Severity | 'off'>>;

/**
 * Runs the rules that are not off: those on manifests alone, or, where the record was read, those on it. A rule
 * that fails is reported as such, and the others go on. With the same `kept` each time, and the same settings, a rule
 * that looks at single resources runs for those that changed.
 */
export function runRules(
  context: RuleContext,
  settings: RuleSettings,
  kept: KeptFindings = keepFindings(),
): readonly Finding[] {
  const wanted = RULES.filter(
    ({ meta }) =>
      settings[meta.id] !== 'off' && (meta.readsRecord ?? false) === (context.recorded !== undefined),
  );
  const broken = new Set<string>();
  const run = ({ meta, check }: Rule<RuleContext>, index: ProjectIndex): readonly Finding[] => {
    const findings: Finding[] = [];
    try {
      const set = settings[meta.id];
      const severity = set === undefined || set === 'off' ? meta.severity : set;
      for (const finding of check({ ...context, index }))
        findings.push({ ...finding, rule: meta.id, severity });
    } catch {
      broken.add(meta.id);
    }
    return findings;
  };
  const ofEach = wanted.filter(({ meta }) => meta.perResource === true);
  const findings = wanted
    .filter(({ meta }) => meta.perResource !== true)
    .flatMap((rule) => run(rule, context.index));
  if (ofEach.length > 0) {
    const say = (alone: ProjectIndex) => ofEach.flatMap((rule) => run(rule, alone));
    findings.push(...findingsPerResource(context.index, kept, say));
  }
  const file = context.index.resources[0]?.file;
  if (file !== undefined) for (const id of broken) findings.push(brokenRule(id, file));
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
