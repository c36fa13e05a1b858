import type { NamedResource, Resource } from '../manifest/resource.ts';
import { isNamespaced } from '../schema/schemaAt.ts';
import { isCertManagerKind } from './certManager.ts';
import { DEFAULT_NAMESPACE, formatIdentity } from './identityId.ts';
import type { ProjectIndex } from './projectIndex.ts';

/** The text of a reference without its kind: `payments/api` of `Certificate/payments/api`. */
export function nameIn({ kind, name, saysKind }: Pick<NamedResource, 'kind' | 'name' | 'saysKind'>): string {
  return saysKind ? name.slice(kind.length + 1) : name;
}

/** The shortest text that leads to a resource from a manifest of that namespace. */
export function referenceText(
  index: ProjectIndex,
  { kind, namespace, name, id }: Pick<Resource, 'kind' | 'namespace' | 'name' | 'id'>,
  from: string,
  saysKind = false,
): string {
  if (saysKind) return formatIdentity(id);
  if (!isNamespaced(kind)) return name;
  const isHidden = index.get({ kind, namespace: from, name }) !== undefined;
  return namespace === from || (namespace === DEFAULT_NAMESPACE && !isHidden) ? name : `${namespace}/${name}`;
}

/** Who had a name that is no resource's any more. */
export function formerlyNamed(
  index: ProjectIndex,
  reference: Pick<NamedResource, 'kind' | 'name' | 'saysKind'>,
  from: string,
): Resource | undefined {
  const name = nameIn(reference);
  const had = (resource: Resource, former: string): boolean => {
    const [first, second] = former.split('/');
    const [own, plain] = second === undefined ? [resource.namespace, first] : [first, second];
    if (resource.namespace === '') return plain === name;
    return name.includes('/')
      ? `${own}/${plain}` === name
      : plain === name && (own === from || own === DEFAULT_NAMESPACE);
  };
  return index
    .ofKind(reference.kind)
    .find((resource) => resource.formerNames.some((former) => had(resource, former)));
}

/** Those of other namespaces that a plain name could mean, where it means none that is looked at. */
export function namesakes(
  index: ProjectIndex,
  reference: Pick<NamedResource, 'kind' | 'name' | 'saysKind'>,
): readonly Resource[] {
  const name = nameIn(reference);
  // cert-manager looks for an issuer in the certificate's own namespace alone.
  if (name.includes('/') || !isNamespaced(reference.kind) || isCertManagerKind(reference.kind)) return [];
  const seen = new Set<string>();
  return index
    .ofKind(reference.kind)
    .filter((each) => each.name === name && !seen.has(each.key) && seen.add(each.key));
}
