import type { MigrationPlan } from '../../core/migration/plan.ts';
import {
  dayText,
  HOW,
  resourceText,
  summaryText,
  targetText,
  waveTitle,
} from '../../core/migration/words.ts';
import { formatDay } from '../../core/text/instant.ts';
import { table } from './table.ts';
import { BLANK, indent, type Line, line, paragraph, span } from './text.ts';

export function migrationText(plan: MigrationPlan, columns: number): readonly Line[] {
  const { rules, waves, blocked, now } = plan;
  return [
    line(span(`${rules.title}, as of ${formatDay(now)}`, 'strong')),
    ...paragraph([], summaryText(plan), columns),
    ...waves.flatMap((wave) => [
      BLANK,
      ...paragraph([], waveTitle(wave), columns, 'strong'),
      ...indent(
        2,
        table(
          [
            { title: '', shrink: 2, atLeast: 20 },
            { title: '', shrink: 4, atLeast: 6 },
            { title: '', shrink: 3, atLeast: 10 },
            { title: '' },
            { title: '', shrink: 3, atLeast: 8 },
            { title: '', shrink: 1, atLeast: 16 },
          ],
          wave.items.map((item) => [
            resourceText(item),
            item.owner ?? span('nobody', 'warning'),
            item.algorithm ?? '',
            dayText(item),
            span(HOW[item.how], 'quiet'),
            item.to.can ? targetText(item) : span(targetText(item), 'warning'),
          ]),
          { columns: columns - 2, header: false },
        ),
      ),
    ]),
    ...(blocked.length === 0
      ? []
      : [
          BLANK,
          line(span('not possible yet', 'warning')),
          ...blocked.flatMap(({ why, count }) => paragraph([span(`  ${count}  `)], why, columns)),
        ]),
    BLANK,
    ...paragraph([], `Deadlines: ${rules.source}.`, columns, 'quiet'),
  ];
}
