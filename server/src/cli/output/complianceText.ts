import type { ComplianceReport } from '../../core/compliance/report.ts';
import { formatDay, plural } from '../../core/text/instant.ts';
import { table } from './table.ts';
import { BLANK, indent, type Line, line, span } from './text.ts';

export function complianceText(report: ComplianceReport, columns: number): readonly Line[] {
  const { project, now, identities, policies } = report;
  return [
    line(
      span(`${project}, as of ${formatDay(now)}: ${plural(identities, 'identity', 'identities')}`, 'strong'),
    ),
    ...policies.flatMap(({ policy, source, controls }) => [
      BLANK,
      line(span(policy, 'strong'), span(`  ${source}`, 'quiet')),
      ...(controls.length === 0
        ? [line(span('  it is asked of nobody here', 'quiet'))]
        : indent(
            2,
            table(
              [
                { title: 'CONTROL', shrink: 2, atLeast: 20 },
                { title: 'PARAGRAPH', shrink: 1, atLeast: 12 },
                { title: 'ASKED', align: 'right' },
                { title: 'KEPT', align: 'right' },
                { title: 'WAIVED', align: 'right' },
                { title: 'NOT KEPT', align: 'right' },
              ],
              controls.map(({ rule, cites, asked, kept, waived, shortfalls }) => [
                rule,
                span(cites ?? '', 'quiet'),
                String(asked),
                String(kept),
                waived === 0 ? '' : String(waived),
                shortfalls.length === 0 ? '' : span(String(shortfalls.length), 'error'),
              ]),
              { columns: columns - 2, header: true },
            ),
          )),
    ]),
  ];
}
