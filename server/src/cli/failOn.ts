import { EXIT, type ExitCode } from '../app/failure.ts';
import type { Finding, Severity } from '../core/finding.ts';

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** What `--fail-on` makes of findings. */
export function exitCodeFor(findings: readonly Finding[], failOn: Severity): ExitCode {
  return findings.some((each) => RANK[each.severity] >= RANK[failOn]) ? EXIT.findings : EXIT.clean;
}
