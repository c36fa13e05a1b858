import type { Translate } from './planText.ts';
import type { FoundSecret, SecretsReport } from './protocol.ts';

export interface SecretsPage {
  readonly text: string;
  /** By the line that names where it stands. */
  readonly places: readonly {
    readonly line: number;
    readonly length: number;
    readonly secret: FoundSecret;
  }[];
}

const SEVERITIES: readonly string[] = ['', 'error', 'warning', 'info', 'info'];

/** The secrets of a history as a page of plain text: where each stands, what it is, whose, and what was not looked at. */
export function secretsText(report: SecretsReport, t: Translate): SecretsPage {
  const { name, looked, aside, skipped, secrets } = report;
  const lines = [
    t('Secrets in the history of {0}', name),
    secrets.length === 0 ? t('None in {0}.', looked) : t('{0} found in {1}.', secrets.length, looked),
    ...(aside === 0 ? [] : [t('{0} more judged to be no secret.', aside)]),
    '',
  ];
  const places: { line: number; length: number; secret: FoundSecret }[] = [];
  for (const secret of secrets) {
    const { file, commit, diagnostic } = secret;
    const place = `${file}:${diagnostic.range.start.line + 1}`;
    places.push({ line: lines.length, length: place.length, secret });
    const at = commit === null ? '' : ` · ${commit.slice(0, 10)}`;
    lines.push(`${place}${at} · ${SEVERITIES[diagnostic.severity ?? 1]} · ${diagnostic.code}`);
    lines.push(`    ${diagnostic.message}`, '');
  }
  if (skipped.length > 0) {
    lines.push(t('Not looked at'), ...skipped.map(({ path, why }) => `    ${path}: ${why}`), '');
  }
  return { text: lines.join('\n'), places };
}
