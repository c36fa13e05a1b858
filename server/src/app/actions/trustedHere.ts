/** Whom a project trusts for TLS, and which authorities it knows besides. */
import type { IdentityId } from '../../core/identity/identityId.ts';
import { type PathCertificate, readPathCertificate } from '../../core/path/pathCertificate.ts';
import { knownCertificates } from '../inspect/knownCertificates.ts';
import type { Workspace } from '../workspace.ts';
import type { Services } from './services.ts';

export interface TrustedHere {
  /** `by`: the trust bundle; undefined where none is for TLS, and a root that the project knows stands in. */
  readonly anchors: readonly { readonly certificate: PathCertificate; readonly by: string | undefined }[];
  readonly known: readonly PathCertificate[];
}

export async function trustedHere(
  identity: IdentityId,
  workspace: Workspace,
  { root, store, clock }: Services,
  signal: AbortSignal,
): Promise<TrustedHere> {
  const events = async (id: IdentityId) => (await store.read(id, signal)).events;
  const candidates = await knownCertificates({ root, workspace, events }, [identity], clock.now(), signal);
  const read = candidates.flatMap(({ certificate, origin }) => {
    const { value } = readPathCertificate(certificate.der);
    return value === undefined ? [] : [{ certificate: value, origin }];
  });
  const bundled = read.flatMap(({ certificate, origin }) =>
    origin.where === 'bundle' ? [{ certificate, by: origin.name }] : [],
  );
  const roots = read.filter(
    ({ certificate: { selfIssued, isAuthority } }) => selfIssued && isAuthority === true,
  );
  return {
    anchors: bundled.length > 0 ? bundled : roots.map(({ certificate }) => ({ certificate, by: undefined })),
    known: read.map(({ certificate }) => certificate),
  };
}
