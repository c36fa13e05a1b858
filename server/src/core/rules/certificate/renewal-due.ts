import { expiresText } from '../../identity/expiry.ts';
import { declarationOf } from '../../lifecycle/declarationOf.ts';
import { renewAfter } from '../../lifecycle/standing.ts';
import type { RuleContext } from '../context.ts';
import { liveCertificates, NAME, of } from '../recorded.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'certificate/renewal-due',
    severity: 'warning',
    title: 'A certificate is due for renewal',
    why: 'Renewal was planned with time to spare, so that a failed attempt does not become an outage. That time is running now.',
    remedy: 'Renew or rotate it; `idac renew --due` renews all that are due.',
    readsRecord: true,
  },
  *check(context) {
    for (const { resource, generation } of liveCertificates(context)) {
      const { notAfter } = generation.credential;
      const { renewal } = declarationOf(resource, context.index);
      const isDue = context.now >= renewAfter(generation, renewal.before);
      if (!isDue || context.now.getTime() >= Date.parse(notAfter)) continue;
      const message = `the certificate${of(generation)} is due for renewal: it ${expiresText(notAfter, context.now)}`;
      yield report(resource, NAME, message);
    }
  },
};
