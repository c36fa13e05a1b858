import { leftText } from '../../identity/expiry.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { andMore, namedAnchors } from '../trustAnchors.ts';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'trust/anchor-expired',
    severity: 'warning',
    readsRecord: true,
    title: 'A trust bundle holds an authority that has expired',
    why: 'Most of those who check a certificate refuse what an expired authority signed. Some do not look, and go on trusting a key that nobody guards any more.',
    remedy:
      'Take it out of the file, and see that what it signed was issued anew under an authority that lasts.',
    standard: 'RFC 5280, 4.1.2.5',
  },
  *check(context) {
    for (const { bundle, path, anchors } of namedAnchors(context)) {
      const expired = anchors.filter(({ notAfter }) => context.now.getTime() >= Date.parse(notAfter));
      const [first] = expired;
      if (first === undefined) continue;
      const when = leftText(first.notAfter, context.now);
      yield report(bundle, path, `${first.subject} ${when}${andMore(expired)}; take it out of the file`);
    }
  },
};
