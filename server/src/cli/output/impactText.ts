import type { ImpactReport, ReportedNode } from '../../app/impact.ts';
import type { Layer } from '../../core/impact/dependents.ts';
import type { Tie } from '../../core/impact/relations.ts';
import { plural } from '../../core/text/instant.ts';
import { table } from './table.ts';
import { BLANK, type Cell, indent, type Line, line, paragraph, span } from './text.ts';

const TITLES: Readonly<Record<Layer, readonly [one: string, many: string]>> = {
  backends: ['backend', 'backends'],
  bundles: ['trust bundle', 'trust bundles'],
  identities: ['identity', 'identities'],
  machines: ['machine', 'machines'],
  consumers: ['consumer', 'consumers'],
};

const TIES: Readonly<Record<Tie, string>> = {
  issued: 'issued by it',
  keyKept: 'its key is kept there',
  delivered: 'delivered there',
  anchored: 'trusts it',
  included: 'includes it',
  attested: 'attested by it',
  sharesKey: 'has the same key',
  borne: 'bears it',
  consumed: 'uses it',
};

/** What breaks, layer by layer, with where each stands and why it breaks. */
export function impactText({ subject, layers, owners }: ImpactReport, columns: number): readonly Line[] {
  if (layers.length === 0) return [line(`Nothing that is declared here depends on ${subject}.`)];
  const counts = layers.map(({ layer, total }) => plural(total, ...TITLES[layer]));
  const last = counts.pop() ?? '';
  const all = counts.length === 0 ? last : `${counts.join(', ')} and ${last}`;
  const told = owners === 0 ? '' : ` ${plural(owners, 'owner has', 'owners have')} to know.`;
  return [
    ...paragraph([], `If ${subject} breaks, this breaks with it: ${all}.${told}`, columns, 'strong'),
    ...layers.flatMap(({ layer, nodes, total }) => [
      BLANK,
      line(span(`${TITLES[layer][1]}  `, 'strong'), span(String(total), 'quiet')),
      ...indent(
        2,
        table(
          [
            { title: '', shrink: 1, atLeast: 24 },
            { title: '', shrink: 2, atLeast: 16 },
            { title: '', shrink: 4, atLeast: 10 },
            { title: '', shrink: 3, atLeast: 12 },
          ],
          nodes.map((node) => cells(node, layer)),
          { columns: columns - 2, header: false },
        ),
      ),
    ]),
  ];
}

function cells(node: ReportedNode, layer: Layer): readonly Cell[] {
  const ties = span(node.ties.map((tie) => TIES[tie]).join(', '), 'quiet');
  switch (node.group) {
    case null:
      return [node.kind === null ? (node.name ?? '') : node.id, node.status ?? '', node.owner ?? '', ties];
    case 'rest':
      return [span(`and ${node.count} more`, 'quiet'), '', '', ties];
    case 'owner':
    case 'namespace':
    case 'kind':
      return [node.name ?? span('nobody', 'warning'), plural(node.count, ...TITLES[layer]), '', ties];
    default:
      return node.group satisfies never;
  }
}
