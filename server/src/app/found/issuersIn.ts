import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { configuredRoles } from '../configuredRoles.ts';

/** Backends that could renew what is adopted, by what their manifests configure. */
export function issuersIn(
  index: Pick<ProjectIndex, 'backends'>,
): readonly { readonly backend: string; readonly kinds: readonly string[] }[] {
  return index.backends().flatMap((backend) => {
    if (!backend.usable) return [];
    const roles = configuredRoles(backend);
    const kinds = [
      ...(roles.includes('CertificateAuthority') ? ['Certificate'] : []),
      ...(roles.includes('SshAuthority') ? ['SshCertificate', 'SshKey'] : []),
    ];
    return kinds.length === 0 ? [] : [{ backend: backend.name, kinds }];
  });
}
