import { limitVerdicts, placed } from '../../policy/limits.ts';
import type { SshPrincipalNotAllowedRule } from '../../schema/generated/specs.ts';
import { plural } from '../../text/instant.ts';
import { policyRule } from '../rule.ts';

const PRINCIPALS = ['spec', 'principals'];

export const rule = policyRule<SshPrincipalNotAllowedRule>({
  meta: {
    id: 'ssh/principal-not-allowed',
    severity: 'error',
    title: 'An SSH certificate lets in as whom a policy does not allow',
    why: 'Each principal of a certificate is an account that its holder can log in as, or a host that it can be.',
    remedy: 'Name only principals that the policy allows.',
    standard: 'OpenSSH PROTOCOL.certkeys',
  },
  *judge(judged, { user, host, types, maximum }) {
    const { resource } = judged;
    if (resource.kind !== 'SshCertificate') return;
    const { type, principals } = resource.spec;
    const limit = type === 'user' ? user : host;
    const separator = type === 'host' ? '.' : '';
    if (limit !== undefined)
      yield* limitVerdicts(judged, placed(principals, PRINCIPALS), limit, {
        what: 'principal',
        parent: PRINCIPALS,
        separator,
      });
    if (types !== undefined && !types.includes(type))
      yield {
        path: ['spec', 'type'],
        message: `${type} certificates are not allowed; ${types.join(' and ')} are`,
      };
    if (maximum !== undefined && principals.length > maximum)
      yield {
        path: PRINCIPALS,
        part: 'key',
        message: `it names ${plural(principals.length, 'principal')}, and ${maximum} are allowed; split it`,
        limit: maximum,
      };
  },
});
