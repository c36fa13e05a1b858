import type { Finding } from '../../finding.ts';
import { LINT_RULES } from '../../lint/generated/registry.ts';
import { lintCertificate } from '../../lint/lintCertificate.ts';
import type { CredentialItem } from './item.ts';
import { findingAt, type Place } from './place.ts';

/** What the rules say of a certificate, with the paragraph that says so; nothing where linting was not asked for. */
export function lintFindings(place: Place, der: Uint8Array): readonly Finding[] {
  const { lint } = place.context;
  if (lint === undefined) return [];
  return lintCertificate(der, lint).flatMap(({ meta, severity, message }) => {
    // Hints are for who asked by a profile: beside them, what matters would not be seen.
    if (lint === 'auto' && severity === 'info') return [];
    const finding = findingAt(place, meta, `${message} (${meta.standard})`);
    return [{ ...finding, severity, why: `${meta.why} ${meta.remedy}` }];
  });
}

const SAID_BY: ReadonlyMap<string, string> = new Map(
  LINT_RULES.flatMap(({ meta: { id, saidBy } }) => (saidBy === undefined ? [] : [[id, saidBy]])),
);

/** What another rule says already of the same credential is not said twice. */
export function withoutRepeats(items: readonly CredentialItem[]): readonly CredentialItem[] {
  return items.map((item) => {
    const said = new Set(item.findings.map(({ rule }) => rule));
    const isRepeat = ({ rule }: Finding): boolean => said.has(SAID_BY.get(rule) ?? '');
    return item.findings.some(isRepeat)
      ? { ...item, findings: item.findings.filter((finding) => !isRepeat(finding)) }
      : item;
  });
}
