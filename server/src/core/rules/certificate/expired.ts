import { leftText } from '../../identity/expiry.ts';
import type { RuleContext } from '../context.ts';
import { liveCertificates, NAME, of } from '../recorded.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'certificate/expired',
    severity: 'error',
    title: 'A certificate in use has expired',
    why: 'Everyone who checks it refuses it from the moment it expires: this is an outage, or is about to become one.',
    remedy: 'Renew or rotate it, or destroy it if nobody uses it any more.',
    standard: 'RFC 5280, 4.1.2.5',
    readsRecord: true,
  },
  *check(context) {
    for (const { resource, generation } of liveCertificates(context)) {
      const { notAfter } = generation.credential;
      if (context.now.getTime() < Date.parse(notAfter)) continue;
      const message = `the certificate${of(generation)} ${leftText(notAfter, context.now)}; renew or rotate it`;
      yield report(resource, NAME, message);
    }
  },
};
