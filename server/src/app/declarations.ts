import type { IdentityId } from '../core/identity/identityId.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import type { Declaration } from '../core/lifecycle/declaration.ts';
import { declarationOf } from '../core/lifecycle/declarationOf.ts';
import type { CertificateResource } from '../core/manifest/resource.ts';

function certificateIn(index: ProjectIndex, identity: IdentityId): CertificateResource | undefined {
  const wanted = formatIdentity(identity);
  return index.certificates().find((certificate) => formatIdentity(certificate.id) === wanted);
}

/** What a usable manifest declares; undefined when there is none. */
export function declarationIn(index: ProjectIndex, identity: IdentityId): Declaration | undefined {
  const certificate = certificateIn(index, identity);
  return certificate?.usable ? declarationOf(certificate, index.project()) : undefined;
}

/** The identities that a manifest had before it was renamed: their events are part of its record. */
export function formerIdentities({
  id,
  formerNames,
}: Pick<CertificateResource, 'id' | 'formerNames'>): readonly IdentityId[] {
  return formerNames.map((former) => {
    const [first, second] = former.split('/');
    return second === undefined
      ? { ...id, name: former }
      : { ...id, namespace: first ?? id.namespace, name: second };
  });
}
