/** A policy's `waivers`: exceptions for identities. What a comment says of one line, one of these says of an identity. */
import type { Finding } from '../finding.ts';
import { formatIdentity } from '../identity/identityId.ts';
import type { ManifestPath } from '../manifest/path.ts';
import type { PolicyResource } from '../manifest/resource.ts';
import type { PolicyOrigin } from '../policy/boundPolicy.ts';
import { policiesOf } from '../policy/policiesInForce.ts';
import type { Waiver as DeclaredWaiver } from '../schema/generated/specs.ts';
import { isDayOver } from '../text/day.ts';
import type { RuleContext } from './context.ts';

export interface Waiver extends DeclaredWaiver {
  readonly policy: PolicyResource;
  readonly origin: PolicyOrigin;
  readonly path: ManifestPath;
}

/** All of them, those that are over, too. */
export function waiversOf({ index, policies }: Pick<RuleContext, 'index' | 'policies'>): readonly Waiver[] {
  return policiesOf(index, policies).flatMap(({ resource, origin }) =>
    (resource.spec.waivers ?? []).map((waiver, place) => ({
      ...waiver,
      policy: resource,
      origin,
      path: ['spec', 'waivers', place],
    })),
  );
}

/** The project waives what may be waived; who asks from outside may make exceptions from it. */
export function waives({ rule, identities, origin }: Waiver, finding: Finding): boolean {
  const { identity, policy } = finding;
  if (finding.rule !== rule || identity === undefined) return false;
  if (policy?.binding === true && (origin === 'project' || policy.origin !== origin.name)) return false;
  return identities.includes(formatIdentity(identity));
}

export function isWaiverOver({ until }: Waiver, now: Date): boolean {
  return isDayOver(until, now);
}
