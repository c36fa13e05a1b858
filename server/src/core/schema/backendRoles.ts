import { BACKEND_TYPES } from './generated/schemas.ts';

/** Roles that each backend type can play, as its config schema says. */
export function backendRoles(): ReadonlyMap<string, readonly string[]> {
  return new Map(Object.entries(BACKEND_TYPES).map(([type, { roles }]) => [type, roles]));
}
