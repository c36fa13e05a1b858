import { CERT_MANAGER_CERTIFICATE, isObserved } from '../identity/certManager.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { ObservedCertificate, Resource } from '../manifest/resource.ts';

/** Certificates of cert-manager whose manifest has no error, of the resources that a rule is asked about. */
export function observedCertificates({
  resources,
}: Pick<ProjectIndex, 'resources'>): readonly ObservedCertificate[] {
  return resources.filter(isRead) as readonly unknown[] as readonly ObservedCertificate[];
}

/** The same of the whole project, without a look at its other resources. */
export function allObservedCertificates({
  ofKind,
}: Pick<ProjectIndex, 'ofKind'>): readonly ObservedCertificate[] {
  return observedCertificates({ resources: ofKind(CERT_MANAGER_CERTIFICATE) });
}

function isRead({ kind, id, usable }: Resource): boolean {
  return kind === CERT_MANAGER_CERTIFICATE && usable && isObserved(id);
}
