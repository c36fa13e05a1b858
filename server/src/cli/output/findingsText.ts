import type { Finding, Severity } from '../../core/finding.ts';
import { plural } from '../../core/text/instant.ts';
import { BLANK, type Line, line, lineWidth, paragraph, type Span, span } from './text.ts';

const STYLE = { error: 'error', warning: 'warning', info: 'accent' } as const;
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/**
 * Findings by file, each with its place, severity, sentence, rule, and under it why and what would repair it. `most`: so many
 * of one rule in one file are shown, and the others counted.
 */
export function findingsText(
  findings: readonly Finding[],
  shownPath: (file: string) => string,
  columns: number,
  most = Number.POSITIVE_INFINITY,
): readonly Line[] {
  const files = new Map<string, Finding[]>();
  for (const each of inOrder(findings)) {
    const others = files.get(each.file);
    if (others === undefined) files.set(each.file, [each]);
    else others.push(each);
  }
  return [...files].flatMap(([file, ofFile]) => {
    const { shown, more } = firstOfEach(ofFile, most);
    return [
      line(span(shownPath(file), 'strong')),
      ...shown.flatMap((each) => findingLines(each, shownPath, columns)),
      ...[...more].map(([rule, count]) => line(span(`          and ${count} more of ${rule}`, 'quiet'))),
      BLANK,
    ];
  });
}

/** `more`: how many are left out, by rule. */
function firstOfEach(
  findings: readonly Finding[],
  most: number,
): { readonly shown: readonly Finding[]; readonly more: ReadonlyMap<string, number> } {
  const seen = new Map<string, number>();
  const more = new Map<string, number>();
  const shown = findings.filter(({ rule }) => {
    const before = seen.get(rule) ?? 0;
    seen.set(rule, before + 1);
    if (before >= most) more.set(rule, before + 1 - most);
    return before < most;
  });
  return { shown, more };
}

export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.range.start.line - b.range.start.line ||
      a.range.start.character - b.range.start.character,
  );
}

function findingLines(
  finding: Finding,
  shownPath: (file: string) => string,
  columns: number,
): readonly Line[] {
  const { start } = finding.range;
  const place = `${start.line + 1}:${start.character + 1}`.padStart(8);
  const lead = line(
    span(place, 'quiet'),
    '  ',
    span(finding.severity.padEnd(7), STYLE[finding.severity]),
    '  ',
  );
  const margin = span(' '.repeat(lineWidth(lead)));
  const fix = finding.fixes.find((each) => each.preferred) ?? finding.fixes[0];
  return [
    ...paragraph(lead, finding.message, columns),
    [margin, span(finding.rule, 'quiet')],
    ...(finding.why === undefined
      ? []
      : paragraph([margin, span('why  ', 'quiet')], finding.why, columns, 'quiet')),
    ...finding.related.map((each): Line => {
      const at = `${shownPath(each.file)}:${each.range.start.line + 1}:${each.range.start.character + 1}`;
      return [margin, span('see  ', 'quiet'), span(at), span(`  ${each.message}`, 'quiet')];
    }),
    ...(fix === undefined ? [] : paragraph([margin, span('fix  ', 'accent')], fix.title, columns)),
  ];
}

/** A finding where its place is told by what stands above it. */
export function findingBlock(finding: Finding, columns: number): readonly Line[] {
  const lead = line(span(finding.severity, STYLE[finding.severity]), '  ');
  const margin = span(' '.repeat(lineWidth(lead)));
  return [
    ...paragraph(lead, finding.message, columns),
    [margin, span(finding.rule, 'quiet')],
    ...(finding.why === undefined
      ? []
      : paragraph([margin, span('why  ', 'quiet')], finding.why, columns, 'quiet')),
  ];
}

/** `2 errors · 1 warning`, or `no findings`. */
export function countsOf(findings: readonly Finding[]): readonly Span[] {
  const parts = SEVERITIES.flatMap((severity) => {
    const count = findings.filter((each) => each.severity === severity).length;
    if (count === 0) return [];
    return [span(severity === 'info' ? plural(count, 'note') : plural(count, severity), STYLE[severity])];
  });
  if (parts.length === 0) return [span('no findings', 'good')];
  return parts.flatMap((part, index) => (index === 0 ? [part] : [span(' · ', 'quiet'), part]));
}
