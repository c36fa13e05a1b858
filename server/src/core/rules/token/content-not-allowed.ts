import { limitVerdicts, placed } from '../../policy/limits.ts';
import type { TokenContentNotAllowedRule } from '../../schema/generated/specs.ts';
import { policyRule } from '../rule.ts';

const AUDIENCE = ['spec', 'audience'];
const SCOPES = ['spec', 'scopes'];

export const rule = policyRule<TokenContentNotAllowedRule>({
  meta: {
    id: 'token/content-not-allowed',
    severity: 'error',
    title: 'A token is for whom, or allows what, a policy does not allow',
    why: 'A token is good for everything that it says, for whoever holds it.',
    remedy: 'Name only audiences and scopes that the policy allows.',
    standard: 'RFC 7519, 4.1.3; RFC 6749, 3.3',
  },
  *judge(judged, { audience, scopes, formats }) {
    const { resource } = judged;
    if (resource.kind !== 'Token') return;
    const { spec } = resource;
    if (audience !== undefined)
      yield* limitVerdicts(judged, placed(spec.audience ?? [], AUDIENCE), audience, {
        what: 'audience',
        parent: AUDIENCE,
        separator: '/',
      });
    if (scopes !== undefined)
      yield* limitVerdicts(judged, placed(spec.scopes ?? [], SCOPES), scopes, {
        what: 'scope',
        parent: SCOPES,
      });
    const { format = 'jwt' } = spec;
    if (formats !== undefined && !formats.includes(format))
      yield {
        path: ['spec', 'format'],
        message: `the format ${format} is not allowed; ${formats.join(' or ')} is`,
      };
  },
});
