/** All rules over one certificate. */
import type { Severity } from '../finding.ts';
import { type CertificateView, viewCertificate } from './certificateView.ts';
import { LINT_RULES } from './generated/registry.ts';
import {
  type LintChoice,
  type LintMeta,
  type LintProfile,
  type LintRule,
  type LintSource,
  PROFILE_OF,
} from './lintRule.ts';
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

/** `isAsked`: the rules that are to speak. */
export function lintView(
  certificate: CertificateView,
  isAsked: (rule: LintRule) => boolean,
): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  const at = certificate.notBefore?.at;
  const scopes = new Map<LintSource, boolean>();
  for (const { rule, force } of DATED_RULES) {
    const { meta } = rule;
    if (!isAsked(rule) || !isInForce(force, at)) continue;
    if (meta.anyPurpose !== true) {
      let isMeant = scopes.get(meta.source);
      if (isMeant === undefined) {
        isMeant = isInScope(meta.source, certificate);
        scopes.set(meta.source, isMeant);
      }
      if (!isMeant) continue;
    }
    if (rule.applies !== undefined && !rule.applies(certificate)) continue;
    const message = rule.check(certificate);
    if (typeof message === 'string') findings.push({ meta, severity: meta.severity, message });
  }
  return findings;
}

/** Rules are not retroactive: what a certificate had to keep is what held when its validity began. */
export function isApplicable(rule: LintRule, certificate: CertificateView): boolean {
  const { meta } = rule;
  if (!isInForce(forceOf(meta), certificate.notBefore?.at)) return false;
  if (meta.anyPurpose !== true && !isInScope(meta.source, certificate)) return false;
  return rule.applies === undefined || rule.applies(certificate);
}

/** From the one moment to before the other. */
interface Force {
  readonly since: number;
  readonly until: number;
}

function forceOf({ since, until }: LintMeta): Force {
  const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
  return {
    since: since === undefined ? Number.NEGATIVE_INFINITY : day(since),
    until: until === undefined ? Number.POSITIVE_INFINITY : day(until),
  };
}

const DATED_RULES = LINT_RULES.map((rule) => ({ rule, force: forceOf(rule.meta) }));

/** A certificate without a readable start is judged as if it began today. */
function isInForce({ since, until }: Force, at: number | undefined): boolean {
  return at === undefined ? until === Number.POSITIVE_INFINITY : at >= since && at < until;
}
