/** All rules over one certificate. */
import type { Severity } from '../finding.ts';
import { type CertificateView, viewCertificate } from './certificateView.ts';
import { LINT_RULES } from './generated/registry.ts';
import { type LintChoice, type LintMeta, type LintProfile, type LintRule, PROFILE_OF } from './lintRule.ts';
import { profilesOf } from './profiles.ts';
import { isInScope } from './purpose.ts';

export interface LintFinding {
  readonly meta: LintMeta;
  readonly severity: Severity;
  readonly message: string;
}

export function lintCertificate(der: Uint8Array, choice: LintChoice): readonly LintFinding[] {
  const certificate = viewCertificate(der);
  if (choice !== 'auto') {
    const profiles = new Set<LintProfile>(['rfc5280', choice]);
    return lintView(certificate, (rule) => profiles.has(PROFILE_OF[rule.meta.source]));
  }
  const profiles = profilesOf(certificate);
  const findings = lintView(certificate, (rule) => profiles.has(PROFILE_OF[rule.meta.source]));
  // A root is trusted as it is (RFC 5280, 6.1): what is wrong with it stops nobody, and is not put right before its end.
  if (!certificate.isAuthority || !certificate.isSelfSigned) return findings;
  return findings.map((each) => (each.severity === 'error' ? { ...each, severity: 'warning' } : each));
}

function lintView(
  certificate: CertificateView,
  isAsked: (rule: LintRule) => boolean,
): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  for (const rule of LINT_RULES) {
    if (!isAsked(rule) || !isApplicable(rule, certificate)) continue;
    const message = rule.check(certificate);
    if (typeof message === 'string')
      findings.push({ meta: rule.meta, severity: rule.meta.severity, message });
  }
  return findings;
}

/** Rules are not retroactive: what a certificate had to keep is what held when its validity began. */
export function isApplicable(rule: LintRule, certificate: CertificateView): boolean {
  const { meta } = rule;
  if (!isInForce(meta, certificate)) return false;
  if (meta.anyPurpose !== true && !isInScope(meta.source, certificate)) return false;
  return rule.applies === undefined || rule.applies(certificate);
}

function isInForce({ since, until }: LintMeta, { notBefore }: CertificateView): boolean {
  if (since === undefined && until === undefined) return true;
  const at = notBefore?.at;
  // A certificate without a readable start is judged as if it began today.
  if (at === undefined) return until === undefined;
  return (since === undefined || at >= dayOf(since)) && (until === undefined || at < dayOf(until));
}

const days = new Map<string, number>();

function dayOf(text: string): number {
  const known = days.get(text);
  if (known !== undefined) return known;
  const at = Date.parse(`${text}T00:00:00Z`);
  days.set(text, at);
  return at;
}
