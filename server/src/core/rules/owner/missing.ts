import { isIdentityKind } from '../../identity/identityId.ts';
import { defaultsFor } from '../../policy/defaults.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'owner/missing',
    severity: 'warning',
    perResource: true,
    title: 'Nobody owns it',
    why: 'When a certificate expires at night or a key leaks, someone must be called. Identities without owner are the ones that are forgotten.',
    remedy:
      'Add `owner` with a team and a contact, or set one for all in the Project’s `defaults`, or for some in a Policy’s.',
  },
  *check({ index }) {
    for (const resource of index.resources) {
      if (!isOwned(resource.kind)) continue;
      if (!resource.usable || resource.spec['owner'] !== undefined) continue;
      if (defaultsFor(resource, index).values.owner !== undefined) continue;
      const message = `this ${resource.kind} has no owner; add owner: { team, contact }, or one for all in the Project`;
      yield report(resource, ['metadata', 'name'], message);
    }
  },
};

/** Machines have a rule of their own; a policy binds whoever it selects. */
function isOwned(kind: string): boolean {
  return isIdentityKind(kind) || kind === 'Backend' || kind === 'Playbook' || kind === 'TrustBundle';
}
