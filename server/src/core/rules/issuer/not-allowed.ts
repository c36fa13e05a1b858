import { limitVerdicts } from '../../policy/limits.ts';
import type { IssuerNotAllowedRule } from '../../schema/generated/specs.ts';
import { oneOf } from '../../text/quote.ts';
import { policyRule } from '../rule.ts';

/** Field that names who makes it. */
const FIELDS: Readonly<Record<string, string>> = { Key: 'store', Workload: 'registry' };

export const rule = policyRule<IssuerNotAllowedRule>({
  meta: {
    id: 'issuer/not-allowed',
    severity: 'error',
    title: 'A credential comes from an issuer that a policy does not allow',
    why: 'Who issues a credential decides who trusts it, who can revoke it and whose mistakes it shares.',
    remedy: 'Name an issuer that the policy allows.',
  },
  *judge(judged, { allow, deny, types }) {
    const { resource, declaration, index } = judged;
    const { issuer } = declaration;
    if (issuer === null) return;
    const path = ['spec', FIELDS[resource.kind] ?? 'issuer'];
    const limit = { ...(allow === undefined ? {} : { allow }), ...(deny === undefined ? {} : { deny }) };
    yield* limitVerdicts(judged, [{ text: issuer, path }], limit, { what: 'issuer', parent: path });
    const type = index.backend(issuer)?.spec['type'];
    if (types !== undefined && typeof type === 'string' && !types.includes(type))
      yield { path, message: `an issuer of type ${type} is not allowed; ${oneOf(types)} is` };
  },
});
