/** Rules that want an extension to be there: a table makes them. */
import type { CertificateView } from './certificateView.ts';
import type { LintMeta, LintRule } from './lintRule.ts';
import { type Row, rulesOf } from './rows.ts';

export interface MissingExtension extends Omit<Row, 'title' | 'remedy' | 'source' | 'zlint' | 'check'> {
  /** As in `EXTENSIONS`. */
  readonly extension: string;
  readonly whose: string;
  readonly source: LintMeta['source'];
  readonly zlint: string;
  /** Absent: the extension is there, whatever it says. */
  readonly isThere?: (certificate: CertificateView) => boolean;
}

export function extensionsMissing(rows: readonly MissingExtension[]): readonly LintRule[] {
  return rows.flatMap(({ extension, whose, isThere, zlint, source, ...row }) =>
    rulesOf({ source, remedy: `Issue it again with ${extension}.` }, [
      {
        ...row,
        title: `The extension ${extension} is missing in ${whose}`,
        zlint: [zlint],
        check: (certificate) =>
          !(isThere?.(certificate) ?? certificate.extension(extension) !== undefined) &&
          `the extension ${extension} is missing`,
      },
    ]),
  );
}
