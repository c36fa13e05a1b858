import type { Location } from '../core/finding.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import { type Dependent, dependentsOf } from '../core/impact/dependents.ts';
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
  const { first, sameKey } = lookUp(rows);
  const dependents = dependentsOf(subject, { index, sameKey });
  const found = new Map<string, Dependent>(dependents.map((each) => [each.id, each]));
  const impact = impactOf(subject.key, dependents, limit);
  return {
    ...impact,
    layers: impact.layers.map((layer) => ({
      ...layer,
      nodes: layer.nodes.map((node) => {
        const { resource } = found.get(node.id) ?? {};
        return {
          ...node,
          status: resource === undefined ? null : (first.get(node.id)?.status ?? null),
          declaredAt:
            resource === undefined
              ? null
              : { file: resource.file, range: resource.locate(['metadata', 'name'], 'value') },
        };
      }),
    })),
  };
}

interface LookUp {
  /** By identity: its row that ends first. */
  readonly first: ReadonlyMap<string, InventoryRow>;
  sameKey(identity: string): readonly string[];
}

const known = new WeakMap<readonly InventoryRow[], LookUp>();

function lookUp(rows: readonly InventoryRow[]): LookUp {
  const before = known.get(rows);
  if (before !== undefined) return before;
  const first = new Map<string, InventoryRow>();
  const holders = new Map<string, Set<string>>();
  const keys = new Map<string, string[]>();
  for (const row of rows) {
    const identity = formatIdentity(row);
    const other = first.get(identity);
    if (other === undefined || (row.notAfter ?? '~') < (other.notAfter ?? '~')) first.set(identity, row);
    if (row.spkiSha256 === null) continue;
    const sharing = holders.get(row.spkiSha256);
    if (sharing === undefined) holders.set(row.spkiSha256, new Set([identity]));
    else sharing.add(identity);
    const own = keys.get(identity);
    if (own === undefined) keys.set(identity, [row.spkiSha256]);
    else own.push(row.spkiSha256);
  }
  const made: LookUp = {
    first,
    sameKey: (identity) => [
      ...new Set((keys.get(identity) ?? []).flatMap((key) => [...(holders.get(key) ?? [])])),
    ],
  };
  known.set(rows, made);
  return made;
}
