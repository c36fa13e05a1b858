import type { Instead } from '../../core/impact/replacement/instead.ts';
import type { Hit, Reason, Replacement } from '../../core/impact/replacement/replacement.ts';
import { formatDay, plural } from '../../core/text/instant.ts';
import { table } from './table.ts';
import { BLANK, type Cell, indent, type Line, line, paragraph, span } from './text.ts';

const REASONS: Readonly<Record<Reason, string>> = {
  key: 'its key',
  signature: 'its signature',
  authority: 'its authority',
  issuer: 'issued by it',
  keyStore: 'its key is kept there',
  library: 'made with it',
};

/** Who is hit, in the order in which to replace them, and by what. */
export function replacementText(replacement: Replacement, limit: number, columns: number): readonly Line[] {
  const { subject, hits, authorities, owners, replaceable, blocked, consumers } = replacement;
  if (hits.length === 0) return [line(`Nothing that counts today rests on ${subject}.`)];
  const told =
    owners.length === 0
      ? ''
      : ` ${plural(owners.length, 'owner has', 'owners have')} to know: ${owners.join(', ')}.`;
  const used = consumers.length === 0 ? '' : ` ${plural(consumers.length, 'consumer')} would notice.`;
  const shown = hits.slice(0, limit);
  return [
    ...paragraph(
      [],
      `If ${subject} falls, ${plural(hits.length, 'credential is', 'credentials are')} hit; ${replaceable} can be replaced now.${told}${used}`,
      columns,
      'strong',
    ),
    ...(authorities.length === 0
      ? []
      : [
          BLANK,
          line(span('first the authorities', 'strong')),
          ...authorities.flatMap(({ backend, algorithms, signs, notAfter, instead }) =>
            paragraph(
              [span(`  Backend/${backend}  `, 'strong')],
              `${algorithms.join(', ')}, signs ${signs}${notAfter === null ? '' : `, until ${formatDay(notAfter)}`}: ${insteadText(instead)}`,
              columns,
            ),
          ),
        ]),
    BLANK,
    line(span('in this order', 'strong')),
    ...indent(
      2,
      table(
        [
          { title: '', align: 'right' },
          { title: 'IDENTITY', shrink: 2, atLeast: 20 },
          { title: 'WHY', shrink: 4, atLeast: 8 },
          { title: 'WEIGHT', shrink: 4, atLeast: 8 },
          { title: 'ENDS' },
          { title: 'USED BY', align: 'right' },
          { title: 'INSTEAD', shrink: 1, atLeast: 16 },
        ],
        shown.map(cells),
        { columns: columns - 2, header: true },
      ),
    ),
    ...(hits.length > shown.length ? [line(span(`  and ${hits.length - shown.length} more`, 'quiet'))] : []),
    ...(blocked.length === 0
      ? []
      : [
          BLANK,
          line(span('not yet', 'warning')),
          ...blocked.flatMap(({ why, count }) => paragraph([span(`  ${count}  `)], why, columns)),
        ]),
    ...sources(replacement, columns),
  ];
}

function cells(hit: Hit, at: number): readonly Cell[] {
  const { identity, machine, reasons, criticality, exposure, notAfter, dependents, instead } = hit;
  return [
    String(at + 1),
    machine === null ? identity : `${identity} @${machine}`,
    span(reasons.map((reason) => REASONS[reason]).join(', '), 'quiet'),
    [criticality, exposure].filter((label) => label !== null).join(', '),
    notAfter === null ? '' : formatDay(notAfter),
    dependents === 0 ? '' : String(dependents),
    instead.can ? insteadText(instead) : span(insteadText(instead), 'warning'),
  ];
}

function insteadText(instead: Instead): string {
  if (!instead.can) return `not yet: ${instead.why}; ${instead.next}`;
  return `${instead.change.field}: ${instead.change.to}`;
}

/** On whose word it rests. */
function sources({ hits, authorities }: Replacement, columns: number): readonly Line[] {
  const known = new Map<string, string>();
  for (const { instead } of [...authorities, ...hits]) {
    if (!instead.can) continue;
    for (const { backend, source, at } of instead.known)
      known.set(backend, source === 'built-in' ? 'built in' : `as it said on ${formatDay(at ?? '')}`);
  }
  if (known.size === 0) return [];
  const words = [...known].sort().map(([backend, how]) => `${backend} (${how})`);
  return [BLANK, ...paragraph([], `What can be made is known of ${words.join(', ')}.`, columns, 'quiet')];
}
