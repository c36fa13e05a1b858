import type { Role } from '../backends/contract.ts';
import { BACKENDS } from '../backends/generated/registry.ts';
import type { BackendResource } from '../core/manifest/resource.ts';

/** The roles that a backend plays as its manifest configures it, without opening it: none for one of an unknown type. */
export function configuredRoles({ spec }: Pick<BackendResource, 'spec'>): readonly Role[] {
  const registered = BACKENDS.find(({ type }) => type === spec.type);
  if (registered === undefined) return [];
  const absent = new Set(
    Object.entries(registered.rolesByField).flatMap(([field, roles]) => (field in spec ? [] : roles)),
  );
  return registered.roles.filter((role) => !absent.has(role));
}
