import type { PolicyResource } from '../manifest/resource.ts';

/** Whether `special` extends the policy of this name, over others if need be. */
export function extendsTo(
  special: PolicyResource,
  name: string,
  policies: readonly PolicyResource[],
): boolean {
  const seen = new Set<string>();
  const next = [...(special.spec.extends ?? [])];
  for (let each = next.pop(); each !== undefined; each = next.pop()) {
    if (each === name) return special.name !== name;
    if (seen.has(each)) continue;
    seen.add(each);
    for (const resource of policies) if (resource.name === each) next.push(...(resource.spec.extends ?? []));
  }
  return false;
}
