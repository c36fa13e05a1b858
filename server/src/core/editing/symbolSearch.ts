import { formatIdentity } from '../identity/identityId.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { Resource } from '../manifest/resource.ts';

/** `Certificate/payments/api`; kinds without a namespace have two parts. */
export function symbolName(resource: Resource): string {
  return formatIdentity(resource.id).replace('//', '/');
}

/** Resources whose name has the letters of the query in this order, best first. No query: all, in their order. */
export function findSymbols(index: ProjectIndex, query: string, most: number): readonly Resource[] {
  const wanted = query.toLowerCase().replaceAll(/\s/g, '');
  const found: { readonly resource: Resource; readonly cost: number }[] = [];
  for (const resource of index.resources) {
    const cost = fuzzyCost(wanted, symbolName(resource).toLowerCase());
    if (cost !== undefined) found.push({ resource, cost });
  }
  return found
    .sort((a, b) => a.cost - b.cost)
    .slice(0, most)
    .map(({ resource }) => resource);
}

/** Gaps between the letters that match; less is better. Undefined: not all are there. */
export function fuzzyCost(wanted: string, name: string): number | undefined {
  const whole = name.indexOf(wanted);
  if (whole !== -1) return /[a-z0-9]/.test(name[whole - 1] ?? '') ? 1 : 0;
  let at = -1;
  let cost = 2;
  for (const letter of wanted) {
    const next = name.indexOf(letter, at + 1);
    if (next === -1) return undefined;
    // A letter that begins a word is where a person looks for it.
    if (next !== at + 1 && /[a-z0-9]/.test(name[next - 1] ?? '')) cost += next - at;
    else if (next !== at + 1) cost += 1;
    at = next;
  }
  return cost;
}
