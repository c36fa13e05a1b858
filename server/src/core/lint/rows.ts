/** Rules of one family, as rows: what they have in common is said once. */
import type { CertificateView } from './certificateView.ts';
import type { LintMeta, LintRule } from './lintRule.ts';

export interface Row {
  readonly id: LintMeta['id'];
  readonly severity?: LintMeta['severity'];
  readonly title: string;
  readonly why: string;
  readonly remedy?: string;
  readonly standard: string;
  readonly source?: LintMeta['source'];
  readonly since?: string;
  readonly until?: string;
  readonly anyPurpose?: true;
  readonly saidBy?: string;
  readonly zlint?: readonly string[];
  readonly applies?: (certificate: CertificateView) => boolean;
  readonly check: LintRule['check'];
}

export function rulesOf(
  shared: { readonly source: LintMeta['source']; readonly remedy: string },
  rows: readonly Row[],
): readonly LintRule[] {
  return rows.map(({ applies, check, ...row }) => ({
    meta: { severity: 'error', zlint: [], ...shared, ...row },
    ...(applies === undefined ? {} : { applies }),
    check,
  }));
}
