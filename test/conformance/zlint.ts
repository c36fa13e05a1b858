/**
 * Lint rules beside zlint, over its own test certificates: for each of its lints that a rule names, where it judged a
 * certificate or a rule found something, both have to find something, or neither.
 */
import { viewCertificate } from '../../server/src/core/lint/certificateView.ts';
import { LINT_RULES } from '../../server/src/core/lint/generated/registry.ts';
import { isApplicable } from '../../server/src/core/lint/lintCertificate.ts';
import type { LintRule } from '../../server/src/core/lint/lintRule.ts';
import { type ZlintStatus, zlintResults } from './zlintResults.ts';

export interface LintAgreement {
  readonly lints: number;
  readonly certificates: number;
  /** Cases that were judged, those in which zlint finds something, and those of each in which both say the same. */
  readonly cases: number;
  readonly agreed: number;
  readonly found: number;
  readonly foundByBoth: number;
  /** Found here alone. */
  readonly foundHere: number;
  readonly disagreements: readonly string[];
  /** Lints in which less than 95 of 100 cases agree. */
  readonly weak: readonly string[];
  /** Names that this version of zlint does not have. */
  readonly unknown: readonly string[];
}

const FOUND: ReadonlySet<ZlintStatus> = new Set(['info', 'warn', 'error']);
const JUDGED: ReadonlySet<ZlintStatus> = new Set(['pass', ...FOUND]);

export function compareWithZlint(source: string): LintAgreement {
  const rulesByLint = new Map<string, LintRule[]>();
  for (const rule of LINT_RULES)
    for (const name of rule.meta.zlint) rulesByLint.set(name, [...(rulesByLint.get(name) ?? []), rule]);
  const certificates = zlintResults(source);
  const seen = new Set(certificates.flatMap(({ results }) => Object.keys(results)));
  const counts = new Map([...rulesByLint.keys()].map((name) => [name, { cases: 0, agreed: 0 }]));
  const disagreements: string[] = [];
  let [found, foundByBoth, foundHere] = [0, 0, 0];
  for (const { file, der, results } of certificates) {
    const view = viewCertificate(der);
    for (const [name, rules] of rulesByLint) {
      const status = results[name];
      if (status === undefined || status === 'fatal') continue;
      const theirs = FOUND.has(status);
      const message = rules.map((rule) => isApplicable(rule, view) && rule.check(view)).find(Boolean);
      if (!JUDGED.has(status) && !message) continue;
      const count = counts.get(name);
      if (count === undefined) continue;
      count.cases += 1;
      if (theirs) found += 1;
      if (theirs && message) foundByBoth += 1;
      if (!theirs && message) foundHere += 1;
      if (theirs === Boolean(message)) count.agreed += 1;
      else disagreements.push(`${name} ${file}: zlint ${status}, here ${message || 'nothing'}`);
    }
  }
  const all = [...counts];
  const sum = (of: 'cases' | 'agreed') => all.reduce((total, [, count]) => total + count[of], 0);
  return {
    lints: all.filter(([, { cases }]) => cases > 0).length,
    certificates: certificates.length,
    cases: sum('cases'),
    agreed: sum('agreed'),
    found,
    foundByBoth,
    foundHere,
    disagreements: disagreements.sort(),
    weak: all
      .filter(([, { cases, agreed }]) => agreed < 0.95 * cases)
      .map(([name, { cases, agreed }]) => `${name}: ${agreed} of ${cases}`)
      .sort(),
    unknown: [...rulesByLint.keys()].filter((name) => !seen.has(name)),
  };
}
