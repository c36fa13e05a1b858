import { isCertManagerKind } from '../../core/identity/certManager.ts';
import { formatIdentity, type IdentityId } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import type { Refusal } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';

/** Why nothing is done with what cert-manager keeps; undefined for what is ours. */
export function refuseObserved(identity: IdentityId, index: ProjectIndex): Refusal | undefined {
  if (!isCertManagerKind(identity.kind)) return undefined;
  const file = index.get(identity)?.file;
  return refusal(
    identity,
    'renewed-elsewhere',
    `${formatIdentity(identity)} is issued and renewed by cert-manager, never from here.`,
    `\`cmctl renew ${identity.name} --namespace ${identity.namespace}\` renews it in the cluster.${file === undefined ? '' : ` It is declared in ${file}.`}`,
  );
}
