import { CERT_MANAGER_CERTIFICATE, isObserved } from '../identity/certManager.ts';
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { ObservedCertificate } from '../manifest/resource.ts';

/** Certificates of cert-manager whose manifest has no error. */
export function observedCertificates({
  resources,
}: Pick<ProjectIndex, 'resources'>): readonly ObservedCertificate[] {
  return resources.filter(
    ({ kind, id, usable }) => usable && kind === CERT_MANAGER_CERTIFICATE && isObserved(id),
  ) as readonly unknown[] as readonly ObservedCertificate[];
}
