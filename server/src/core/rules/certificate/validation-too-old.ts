import { inForceOn } from '../../policy/limits.ts';
import type { CertificateValidationTooOldRule } from '../../schema/generated/specs.ts';
import { isDay } from '../../text/day.ts';
import { formatDuration, parseDuration } from '../../text/duration.ts';
import { DAY_MS } from '../../text/instant.ts';
import { policyRule } from '../rule.ts';

const CHECKED = 'identity-as-code/domain-validated';
const ANNOTATION = ['metadata', 'annotations', CHECKED];

export const rule = policyRule<CertificateValidationTooOldRule>({
  meta: {
    id: 'certificate/validation-too-old',
    severity: 'error',
    title: 'A check of a certificate’s names is older than a policy allows',
    why: 'A domain changes hands. A certificate that rests on an old check names what may be somebody else’s by now.',
    remedy: 'Let the issuer check the names again, and write that day into the annotation.',
    standard: 'CA/Browser Forum Baseline Requirements, 4.2.1',
  },
  *judge({ resource, day }, { maximum, schedule = [], required }) {
    if (resource.kind !== 'Certificate' || (resource.spec.dnsNames ?? []).length === 0) return;
    const checked = resource.annotations[CHECKED];
    if (checked === undefined || !isDay(checked)) {
      const message = `say when the names were checked: annotation ${CHECKED}, as year-month-day`;
      if (required === true || checked !== undefined) yield { path: ANNOTATION, message };
      return;
    }
    const texts = [maximum, inForceOn(schedule, day).at(-1)?.maximum];
    const most = Math.min(
      ...texts.flatMap((text) => (text === undefined ? [] : (parseDuration(text) ?? []))),
    );
    const age = (Date.parse(day) - Date.parse(checked)) / 1000;
    if (age <= most) return;
    const days = Math.floor((age * 1000) / DAY_MS);
    yield {
      path: ANNOTATION,
      message: `its names were checked ${days} days ago, and ${formatDuration(most)} is the longest allowed; check again`,
      limit: most,
    };
  },
});
