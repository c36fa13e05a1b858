import type { Location } from '../core/finding.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import { dependentsOf } from '../core/impact/dependents.ts';
import { type Impact, type ImpactNode, impactOf } from '../core/impact/impact.ts';
import type { Resource } from '../core/manifest/resource.ts';
import type { InventoryRow } from './api.ts';

/** A box with what the inventory knows of it. */
export interface ReportedNode extends ImpactNode {
  /** `expires in 12 days`: of an identity on several machines the one that ends first. Null: no identity, or several. */
  readonly status: string | null;
  /** The manifest, where the box is one. */
  readonly declaredAt: Location | null;
}

export interface ImpactReport extends Omit<Impact, 'layers'> {
  readonly layers: readonly (Omit<Impact['layers'][number], 'nodes'> & {
    readonly nodes: readonly ReportedNode[];
  })[];
}

/** All that breaks if the subject breaks, with where each stands now. */
export function impactReport(
  subject: Resource,
  index: ProjectIndex,
  rows: readonly InventoryRow[],
  limit: number,
): ImpactReport {
  const dependents = dependentsOf(subject, rows, index);
  const impact = impactOf(subject.key, dependents, limit);
  const shown = new Set(impact.layers.flatMap(({ nodes }) => nodes.map(({ id }) => id)));
  const first = endingFirst(rows, shown);
  return {
    ...impact,
    layers: impact.layers.map((layer) => ({
      ...layer,
      nodes: layer.nodes.map((node) => ({
        ...node,
        status: first.get(node.id)?.status ?? null,
        declaredAt: node.group === null ? placeOf(node.id, index) : null,
      })),
    })),
  };
}

function endingFirst(
  rows: readonly InventoryRow[],
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, InventoryRow> {
  const first = new Map<string, InventoryRow>();
  for (const row of rows) {
    const identity = formatIdentity(row);
    if (row.login !== undefined || !wanted.has(identity)) continue;
    const other = first.get(identity);
    if (other === undefined || (row.notAfter ?? '~') < (other.notAfter ?? '~')) first.set(identity, row);
  }
  return first;
}

function placeOf(key: string, index: ProjectIndex): Location | null {
  const resource = index.get({ kind: '', namespace: '', name: '', key });
  return resource === undefined
    ? null
    : { file: resource.file, range: resource.locate(['metadata', 'name'], 'value') };
}
