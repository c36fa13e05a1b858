import type { IdentityId } from '../core/identity/identityId.ts';
import { isIdentityKind } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { Declaration } from '../core/lifecycle/declaration.ts';
import { declarationOf } from '../core/lifecycle/declarationOf.ts';
import type { IdentityResource } from '../core/manifest/resource.ts';

/** The manifest of an identity, usable or not; the first, where two declare it. */
export function identityIn(index: ProjectIndex, identity: IdentityId): IdentityResource | undefined {
  const resource = index.get(identity);
  // The kind decides which specification it has.
  return resource !== undefined && isIdentityKind(resource.kind)
    ? (resource as unknown as IdentityResource)
    : undefined;
}

/** What a usable manifest declares; undefined when there is none. */
export function declarationIn(index: ProjectIndex, identity: IdentityId): Declaration | undefined {
  const resource = identityIn(index, identity);
  return resource?.usable ? declarationOf(resource, index) : undefined;
}

/** The identities that a manifest had before it was renamed: their events are part of its record. */
export function formerIdentities({
  id,
  formerNames,
}: Pick<IdentityResource, 'id' | 'formerNames'>): readonly IdentityId[] {
  return formerNames.map((former) => {
    const [first, second] = former.split('/');
    return second === undefined
      ? { ...id, name: former }
      : { ...id, namespace: first ?? id.namespace, name: second };
  });
}
