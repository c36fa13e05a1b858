import type { AlgorithmUse } from '../../core/outlook/algorithms.ts';
import type { Outlook } from '../../core/outlook/outlook.ts';
import type { Risk, Risks } from '../../core/outlook/risk.ts';
import { formatDay, plural } from '../../core/text/instant.ts';
import { type Column, table } from './table.ts';
import { BLANK, type Cell, indent, type Line, line, span } from './text.ts';

/** All figures, the most pressing ones first. */
export function outlookText(outlook: Outlook, columns: number): readonly Line[] {
  const { on, now, lives, agility, owners, issuers, renewals } = outlook;
  const isAhead = on !== now;
  return [
    line(span(isAhead ? `On ${formatDay(on)}, if nobody renews` : `Today, ${formatDay(on)}`, 'strong')),
    ...(lives.dated === 0
      ? [line('  Nothing has an end yet: none of these credentials was issued.')]
      : states(outlook, columns)),
    ...besides(outlook),
    ...(isAhead
      ? [line(span(`Renewed whenever it is due: ${plural(renewals, 'renewal')} until then.`, 'quiet'))]
      : []),
    ...months(outlook, columns),
    ...risks('OWNER', 'nobody', owners, columns),
    ...risks('ISSUER', 'none', issuers, columns),
    ...keys(agility.algorithms, columns),
    line(span(`Years: ${agility.source}. It is a draft and may change.`, 'quiet')),
  ];
}

function states({ state }: Outlook, columns: number): readonly Line[] {
  const row = (name: string, count: number, style: 'error' | 'warning' | 'plain'): readonly Cell[] => [
    name,
    span(String(count), count === 0 ? 'quiet' : style),
  ];
  return indent(
    2,
    table(
      [{ title: '' }, { title: '', align: 'right' }],
      [
        row('expired', state.expired, 'error'),
        row('within 7 days', state.within7Days, 'warning'),
        row('within 30 days', state.within30Days, 'plain'),
        row('within 90 days', state.within90Days, 'plain'),
        row('later', state.later, 'plain'),
        row('due for renewal', state.due, 'warning'),
      ],
      { columns, header: false },
    ),
  );
}

function besides({ lives }: Outlook): readonly Line[] {
  const parts = [
    ...(lives.unissued > 0 ? [`${lives.unissued} not issued yet`] : []),
    ...(lives.endless > 0 ? [`${lives.endless} without an end`] : []),
    ...(lives.elsewhere > 0 ? [`${lives.elsewhere} renewed elsewhere`] : []),
    ...(lives.ended > 0 ? [`${lives.ended} revoked, replaced or unclear`] : []),
  ];
  return parts.length === 0 ? [] : [line(span(`Besides: ${parts.join(', ')}.`, 'quiet'))];
}

function months({ months: { overdue, buckets, later } }: Outlook, columns: number): readonly Line[] {
  const rows = [
    ...(overdue > 0 ? [['overdue', overdue] as const] : []),
    ...buckets.flatMap(({ from, ends }) => (ends === 0 ? [] : [[from.slice(0, 7), ends] as const])),
    ...(later > 0 ? [['later', later] as const] : []),
  ];
  if (rows.length === 0) return [];
  const most = Math.max(...rows.map(([, ends]) => ends));
  return [
    BLANK,
    ...table(
      [{ title: 'MONTH' }, { title: 'END', align: 'right' }, { title: '' }],
      rows.map(([name, ends]) => [
        name,
        String(ends),
        span('█'.repeat(Math.max(1, Math.round((ends / most) * 30))), name === 'overdue' ? 'error' : 'quiet'),
      ]),
      { columns, header: true },
    ),
  ];
}

function risks(title: string, unnamed: string, { groups, more }: Risks, columns: number): readonly Line[] {
  const cells = ({ name, count, expired, due, nextEnd }: Risk): readonly Cell[] => [
    name ?? span(unnamed, 'warning'),
    String(count),
    span(String(expired), expired > 0 ? 'error' : 'quiet'),
    span(String(due), due > 0 ? 'warning' : 'quiet'),
    nextEnd === null ? '' : formatDay(nextEnd),
  ];
  const layout: readonly Column[] = [
    { title, shrink: 1, atLeast: 12 },
    { title: 'IDENTITIES', align: 'right' },
    { title: 'EXPIRED', align: 'right' },
    { title: 'DUE', align: 'right' },
    { title: 'NEXT END' },
  ];
  return [
    BLANK,
    ...table(layout, groups.map(cells), { columns, header: true }),
    ...(more === null
      ? []
      : [line(span(`and ${more.groups} more: ${plural(more.count, 'identity', 'identities')}`, 'quiet'))]),
  ];
}

function keys(algorithms: readonly AlgorithmUse[], columns: number): readonly Line[] {
  return [
    BLANK,
    ...table(
      [
        { title: 'KEY' },
        { title: 'IDENTITIES', align: 'right' },
        { title: 'BY MANIFEST', align: 'right' },
        { title: 'STRENGTH', align: 'right' },
        { title: 'QUANTUM COMPUTERS', drop: 2 },
        { title: 'NIST DRAFT', drop: 1 },
      ],
      algorithms.map((use) => [
        use.algorithm,
        String(use.count),
        String(use.byManifest),
        use.strength === null ? '' : `${use.strength} bit`,
        QUANTUM[use.quantum],
        years(use),
      ]),
      { columns, header: true },
    ),
  ];
}

const QUANTUM: Readonly<Record<AlgorithmUse['quantum'], string>> = {
  vulnerable: 'break it',
  resistant: 'do not break it',
  unknown: '',
};

function years({ deprecatedAfter, disallowedAfter }: AlgorithmUse): string {
  return [
    ...(deprecatedAfter === null ? [] : [`deprecated after ${deprecatedAfter}`]),
    ...(disallowedAfter === null ? [] : [`disallowed after ${disallowedAfter}`]),
  ].join(', ');
}
