/** Rules that want an extension to be there: a table makes them. */
import type { CertificateView } from './certificateView.ts';
import type { LintMeta, LintRule } from './lintRule.ts';

export interface MissingExtension {
  readonly id: LintMeta['id'];
  /** As in `EXTENSIONS`. */
  readonly extension: string;
  readonly whose: string;
  readonly severity?: LintMeta['severity'];
  readonly why: string;
  readonly standard: string;
  readonly source: LintMeta['source'];
  readonly since?: string;
  readonly until?: string;
  readonly zlint: string;
  readonly applies: (certificate: CertificateView) => boolean;
  /** Absent: the extension is there, whatever it says. */
  readonly isThere?: (certificate: CertificateView) => boolean;
}

export function extensionsMissing(rows: readonly MissingExtension[]): readonly LintRule[] {
  return rows.map(
    ({
      id,
      extension,
      whose,
      severity = 'error',
      why,
      standard,
      source,
      since,
      until,
      zlint,
      applies,
      isThere,
    }) => ({
      meta: {
        id,
        severity,
        title: `The extension ${extension} is missing in ${whose}`,
        why,
        remedy: `Issue it again with ${extension}.`,
        standard,
        source,
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
        zlint: [zlint],
      },
      applies,
      check: (certificate) =>
        !(isThere?.(certificate) ?? certificate.extension(extension) !== undefined) &&
        `the extension ${extension} is missing`,
    }),
  );
}
