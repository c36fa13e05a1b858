import { fuzzyCost } from '../editing/symbolSearch.ts';
import { isIdentityKind } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import { holdingsOf, NO_HOLDINGS } from '../inventory/holdings.ts';
import type { InventoryRow } from '../inventory/inventoryRow.ts';
import type { Resource } from '../manifest/resource.ts';
import { isBreakable } from './dependents.ts';

/** What much hangs on comes first: backends and issuers, then bundles of anchors, keys, machines, all other identities. */
function rankOf(kind: string): number {
  if (kind === 'TrustBundle') return 1;
  if (kind === 'Key') return 2;
  if (kind === 'Machine') return 3;
  return isIdentityKind(kind) || kind.startsWith('Certificate.') ? 4 : 0;
}

/** What may be asked about, by the letters of the query in their order. Without a query what most hangs on. */
export function impactSubjects(
  index: ProjectIndex,
  rows: readonly InventoryRow[],
  query: string,
  limit: number,
): readonly Resource[] {
  const held = holdingsOf(rows);
  const usersOf = (backend: string): number => {
    const { issues, keys, delivered } = held.get(backend) ?? NO_HOLDINGS;
    return issues + keys + delivered;
  };
  const wanted = query.toLowerCase().replaceAll(/\s/g, '');
  const seen = new Set<string>();
  const found: { resource: Resource; cost: number; rank: number; users: number }[] = [];
  for (const resource of index.resources) {
    if (!isBreakable(resource) || seen.has(resource.key)) continue;
    seen.add(resource.key);
    const cost = fuzzyCost(wanted, resource.key.toLowerCase());
    if (cost === undefined) continue;
    const rank = rankOf(resource.kind);
    found.push({ resource, cost, rank, users: resource.kind === 'Backend' ? usersOf(resource.name) : 0 });
  }
  return found
    .sort(
      (a, b) =>
        a.cost - b.cost || a.rank - b.rank || b.users - a.users || (a.resource.key < b.resource.key ? -1 : 1),
    )
    .slice(0, limit)
    .map(({ resource }) => resource);
}
