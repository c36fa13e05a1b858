import { isObject } from '../../manifest/path.ts';
import { defaultsFor } from '../../policy/defaults.ts';
import { limitVerdicts } from '../../policy/limits.ts';
import type { OwnerNotAllowedRule } from '../../schema/generated/specs.ts';
import { policyRule } from '../rule.ts';

const OWNER = ['spec', 'owner'];
const TEAM = [...OWNER, 'team'];
const CONTACT = [...OWNER, 'contact'];

export const rule = policyRule<OwnerNotAllowedRule>({
  meta: {
    id: 'owner/not-allowed',
    severity: 'error',
    title: 'An identity is owned by whom a policy does not allow, or by nobody',
    why: 'When a certificate expires at night or a key leaks, someone must be called who may decide. Who issues for themselves is checked by nobody.',
    remedy: 'Name a team and a contact as the policy asks for.',
  },
  *judge(judged, { required, teams, contact, apartFromIssuer }) {
    const { resource, declaration, index } = judged;
    const owner = resource.spec.owner ?? defaultsFor(resource, index).values.owner;
    if (owner === undefined) {
      if (required === true || teams !== undefined || contact !== undefined)
        yield { path: OWNER, message: 'somebody must own it; add owner with a team and a contact' };
      return;
    }
    if (teams !== undefined)
      yield* limitVerdicts(judged, [{ text: owner.team, path: TEAM }], teams, { what: 'team', parent: TEAM });
    if (contact !== undefined && owner.contact === undefined)
      yield { path: CONTACT, part: 'key', message: 'its owner can be reached nowhere; add a contact' };
    else if (contact !== undefined && owner.contact !== undefined)
      yield* limitVerdicts(judged, [{ text: owner.contact, path: CONTACT }], contact, {
        what: 'contact',
        parent: CONTACT,
      });
    const issuer = declaration.issuer === null ? undefined : index.backend(declaration.issuer);
    const other = issuer?.spec['owner'];
    if (apartFromIssuer === true && isObject(other) && other['team'] === owner.team)
      yield { path: TEAM, message: 'the team that owns it owns its issuer, too; somebody else must' };
  },
});
