import { expiresText } from '../../identity/expiry.ts';
import { DAY_MS } from '../../text/instant.ts';
import type { RuleContext } from '../context.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';
import { andMore, namedAnchors } from '../trustAnchors.ts';

/** A new anchor has to reach all that rely on the old one, and everything has to be issued anew under it, before that one ends. */
const NOTICE_DAYS = 90;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'trust/anchor-expiring',
    severity: 'warning',
    readsRecord: true,
    title: 'An authority in a trust bundle is about to expire',
    why: 'With it ends everything that it signed, all at once. Its successor has to be with everybody who trusts this bundle before the first certificate is issued under it.',
    remedy:
      'Add its successor to the bundle and deliver it now (within 90 days of the end); issue the certificates anew, and take the old one out once it has expired.',
    standard: 'RFC 5280, 4.1.2.5',
  },
  *check(context) {
    const now = context.now.getTime();
    for (const { bundle, path, anchors } of namedAnchors(context)) {
      const lasting = anchors.filter(({ notAfter }) => Date.parse(notAfter) > now + NOTICE_DAYS * DAY_MS);
      const ending = anchors.filter(
        (anchor) =>
          now < Date.parse(anchor.notAfter) &&
          !lasting.includes(anchor) &&
          // The successor under the same name is there already.
          !lasting.some(({ subject }) => subject === anchor.subject),
      );
      const [first] = ending;
      if (first === undefined) continue;
      const when = expiresText(first.notAfter, context.now);
      yield report(bundle, path, `${first.subject} ${when}${andMore(ending)}; add its successor`);
    }
  },
};
