import type { ProjectIndex } from '../identity/projectIndex.ts';

/** Why one breaks with the other. */
export type Tie =
  | 'issued'
  | 'keyKept'
  | 'delivered'
  | 'anchored'
  | 'included'
  | 'attested'
  | 'sharesKey'
  | 'borne'
  | 'consumed';

/** By key: who needs what. */
export interface Relation {
  readonly from: string;
  readonly to: string;
  readonly tie: Tie;
}

/** What the inventory does not say: stores that keep an authority's key, anchors, bundles in bundles, agents that attest. */
export function relationsOf(index: ProjectIndex): readonly Relation[] {
  const relations: Relation[] = [];
  const add = (from: string, to: string | undefined, tie: Tie): void => {
    if (to !== undefined) relations.push({ from, to, tie });
  };
  for (const backend of index.ofKind('Backend')) {
    for (const { kind, target } of index.referencesFrom(backend))
      if (kind === 'Backend') add(backend.key, target?.key, 'keyKept');
  }
  for (const bundle of index.ofKind('TrustBundle')) {
    for (const { path, target } of index.referencesFrom(bundle)) {
      const tie = path[1] === 'anchors' ? 'anchored' : path[1] === 'include' ? 'included' : 'delivered';
      add(bundle.key, target?.key, tie);
    }
  }
  for (const workload of index.ofKind('Workload')) {
    if (!workload.namedKinds.includes('Workload')) continue;
    for (const { path, target } of index.referencesFrom(workload))
      if (path[1] === 'parent') add(workload.key, target?.key, 'attested');
  }
  return relations;
}
