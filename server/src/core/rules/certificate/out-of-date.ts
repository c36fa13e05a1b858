import { formatIdentity } from '../../identity/identityId.ts';
import type { RuleContext } from '../context.ts';
import { liveCertificates, NAME, of } from '../recorded.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'certificate/out-of-date',
    severity: 'warning',
    title: 'The manifest changed since the certificate was issued',
    why: 'What is in use is not what is declared: a name may be missing, or a key of an algorithm that was given up may still be there.',
    remedy: 'Renew or rotate it, so that the certificate is what the manifest says.',
    readsRecord: true,
  },
  *check(context) {
    for (const { resource, generation } of liveCertificates(context)) {
      const digest = context.recorded?.specDigests.get(formatIdentity(resource.id));
      if (digest === undefined || digest === generation.issued.specDigest) continue;
      yield report(
        resource,
        NAME,
        `the manifest changed since the certificate${of(generation)} was issued; renew it`,
      );
    }
  },
};
