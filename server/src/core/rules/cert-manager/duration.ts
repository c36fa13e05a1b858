import type { Fix } from '../../finding.ts';
import { isFilledInLater } from '../../identity/certManager.ts';
import type { ObservedCertificate } from '../../manifest/resource.ts';
import { parseDuration } from '../../text/duration.ts';
import { formatGoDuration, parseGoDuration } from '../../text/goDuration.ts';
import { quotable } from '../../text/quote.ts';
import type { RuleContext } from '../context.ts';
import { observedCertificates } from '../observedCertificates.ts';
import { replaceValue, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const HOUR = 3600;
/** The shortest that cert-manager takes, in seconds. */
const FIELDS = [
  ['duration', HOUR],
  ['renewBefore', HOUR / 12],
] as const;

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'cert-manager/duration',
    severity: 'error',
    perResource: true,
    title: 'A duration that cert-manager refuses',
    why: 'cert-manager reads durations as Go does: hours, minutes and seconds, without days. A manifest with another one is refused when it is applied, and the certificate in the cluster stays as it was.',
    remedy: 'Write hours: 90 days are `2160h`. `duration` is at least `1h`, `renewBefore` at least `5m`.',
    standard: 'Go, time.ParseDuration',
  },
  *check({ index }) {
    for (const certificate of observedCertificates(index)) {
      for (const [field, shortest] of FIELDS) {
        const text = certificate.spec[field];
        if (text === undefined || isFilledInLater(text)) continue;
        const path = ['spec', field];
        const seconds = parseGoDuration(text);
        if (seconds === undefined) yield report(certificate, path, ...unread(certificate, field, text));
        else if (seconds < shortest)
          yield report(
            certificate,
            path,
            `"${field}" is at least ${formatGoDuration(shortest)} for cert-manager`,
          );
      }
    }
  },
};

function unread(
  certificate: ObservedCertificate,
  field: string,
  text: string,
): [message: string, details: { readonly fixes: readonly Fix[] }] {
  const meant = parseDuration(text.replaceAll(' ', '').toLowerCase());
  const instead = meant === undefined ? undefined : formatGoDuration(meant);
  const hint =
    instead === undefined ? 'its units are h, m and s' : `its units are h, m and s: write ${instead}`;
  return [
    `${quotable(text) ?? 'this'} is no duration for cert-manager; ${hint}`,
    { fixes: instead === undefined ? [] : [replaceValue(certificate, ['spec', field], instead, true)] },
  ];
}
