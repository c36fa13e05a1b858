import { formatGoDuration, parseGoDuration } from '../../text/goDuration.ts';
import type { RuleContext } from '../context.ts';
import { observedCertificates } from '../observedCertificates.ts';
import { relatedTo, report } from '../report.ts';
import type { Rule } from '../rule.ts';

/** What cert-manager asks for where a manifest says nothing. */
const DEFAULT_DURATION = '2160h';

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'cert-manager/renew-before',
    severity: 'error',
    perResource: true,
    title: 'When cert-manager renews makes no sense',
    why: 'cert-manager refuses a `renewBefore` that is not shorter than the duration, and one beside `renewBeforePercentage`. Where an issuer gives less than was asked for, such a certificate is renewed again and again until the authority’s rate limit is reached.',
    remedy:
      'Make `renewBefore` much shorter than `duration` (90 days, where it is left out), or leave it out: then a certificate is renewed when a third of its life is left.',
  },
  *check({ index }) {
    for (const certificate of observedCertificates(index)) {
      const { renewBefore, renewBeforePercentage, duration } = certificate.spec;
      if (renewBefore === undefined) continue;
      const path = ['spec', 'renewBefore'];
      if (renewBeforePercentage !== undefined) {
        const other = ['spec', 'renewBeforePercentage'];
        yield report(
          certificate,
          path,
          '"renewBefore" and "renewBeforePercentage" exclude each other; remove one',
          {
            part: 'key',
            related: [relatedTo(certificate, other, 'the other one')],
          },
        );
      }
      const before = parseGoDuration(renewBefore);
      const whole = parseGoDuration(duration ?? DEFAULT_DURATION);
      if (before === undefined || whole === undefined || before < whole) continue;
      const message = `renewal ${formatGoDuration(before)} before the end of ${formatGoDuration(whole)} never stops; write less`;
      yield report(certificate, path, message);
    }
  },
};
