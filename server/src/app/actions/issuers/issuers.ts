import type { Backend } from '../../../backends/contract.ts';
import { BackendError } from '../../../backends/errors.ts';
import { type IdentityKind, isIdentityKind } from '../../../core/identity/identityId.ts';
import { nounOf, traitsOf } from '../../../core/lifecycle/kindTraits.ts';
import type { Services } from '../services.ts';
import { certificateIssuer } from './certificateIssuer.ts';
import type { CredentialIssuer } from './issuer.ts';
import { keyIssuer } from './keyIssuer.ts';
import { sshCertificateIssuer, sshKeyIssuer } from './sshIssuer.ts';
import { tokenIssuer } from './tokenIssuer.ts';
import { workloadIssuer } from './workloadIssuer.ts';

/** Which role of a backend makes what. A kind joins the lifecycle by its row here and its traits. */
const ISSUERS: Readonly<
  Record<IdentityKind, (backend: Backend, services: Services) => CredentialIssuer | undefined>
> = {
  Certificate: certificateIssuer,
  SshCertificate: sshCertificateIssuer,
  SshKey: sshKeyIssuer,
  Key: keyIssuer,
  Token: tokenIssuer,
  Workload: workloadIssuer,
};

/** The backend in the role that makes credentials of that kind; undefined when it does not play it. */
export async function findIssuer(
  services: Services,
  backend: string,
  kind: string,
  signal: AbortSignal,
): Promise<CredentialIssuer | undefined> {
  if (!isIdentityKind(kind)) return undefined;
  return ISSUERS[kind](await services.backends.open(backend, signal), services);
}

/** As `findIssuer`; BackendError `unsupported` when there is none. */
export async function issuerOf(
  services: Services,
  backend: string,
  kind: string,
  signal: AbortSignal,
): Promise<CredentialIssuer> {
  const issuer = await findIssuer(services, backend, kind, signal);
  if (issuer !== undefined) return issuer;
  const traits = traitsOf(kind);
  throw new BackendError({
    kind: 'unsupported',
    what: `Backend ${backend} makes no ${traits?.many ?? `${nounOf(kind)}s`}.`,
    hint:
      traits === undefined
        ? 'A newer version of idac may know this kind.'
        : `Name a backend with the role ${traits.role} in spec.${traits.issuerField}.`,
  });
}
