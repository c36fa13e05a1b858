import type { PolicyResource } from '../manifest/resource.ts';
import { perValue } from '../rules/perValue.ts';

/** What the policies of each name extend: looked up for each pair of policies. */
const extendedBy = perValue((policies: readonly PolicyResource[]): ReadonlyMap<string, readonly string[]> => {
  const byName = new Map<string, string[]>();
  for (const { name, spec } of policies)
    byName.set(name, [...(byName.get(name) ?? []), ...(spec.extends ?? [])]);
  return byName;
});

/** Whether `special` extends the policy of this name, over others if need be. */
export function extendsTo(
  special: PolicyResource,
  name: string,
  policies: readonly PolicyResource[],
): boolean {
  const byName = extendedBy(policies);
  const seen = new Set<string>();
  const next = [...(special.spec.extends ?? [])];
  for (let each = next.pop(); each !== undefined; each = next.pop()) {
    if (each === name) return special.name !== name;
    if (seen.has(each)) continue;
    seen.add(each);
    next.push(...(byName.get(each) ?? []));
  }
  return false;
}
