import type { CertificateUsageNotAllowedRule } from '../../schema/generated/specs.ts';
import { oneOf } from '../../text/quote.ts';
import { policyRule } from '../rule.ts';

const USAGES = ['spec', 'usages'];

export const rule = policyRule<CertificateUsageNotAllowedRule>({
  meta: {
    id: 'certificate/usage-not-allowed',
    severity: 'error',
    title: 'A certificate may be used for what a policy does not allow, or not for what it wants',
    why: 'A certificate for two purposes is as dangerous as the worse of them: one that signs code should not be on a web server.',
    remedy: 'Name the usages that the policy allows, one purpose for each certificate.',
    standard: 'RFC 5280, 4.2.1.12',
  },
  *judge({ resource, declaration }, { allow, deny = [], require = [] }) {
    if (resource.kind !== 'Certificate' || declaration.request.kind !== 'Certificate') return;
    const { usages } = declaration.request;
    const isWritten = resource.spec.usages !== undefined;
    for (const [place, usage] of usages.entries()) {
      const path = isWritten ? [...USAGES, place] : USAGES;
      if (deny.includes(usage)) yield { path, message: `the usage ${usage} is denied; remove it` };
      else if (allow !== undefined && !allow.includes(usage))
        yield { path, message: `the usage ${usage} is not allowed; ${oneOf(allow)} is` };
    }
    for (const usage of require)
      if (!usages.includes(usage))
        yield { path: USAGES, part: 'key', message: `the usage ${usage} is required; add it` };
  },
});
