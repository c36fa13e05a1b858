/** How the two times are written (RFC 5280, 4.1.2.5). */
import type { CertificateView } from '../../certificateView.ts';
import type { LintRule } from '../../lintRule.ts';
import type { CertificateTime } from '../../view/certificateTime.ts';

const WHY =
  'The standard leaves one way to write a time, so that all software reads the same moment. Another one is refused by strict readers, and read as another hour by careless ones.';
const REMEDY = 'Issue it again with an authority that writes times as RFC 5280 wants them.';
const SINCE = '1999-01-01';
const LAST_OF_UTC_TIME = Date.UTC(2050, 0, 1);

function timesOf(
  { notBefore, notAfter }: CertificateView,
  form: CertificateTime['form'],
): readonly CertificateTime[] {
  return [notBefore, notAfter].filter((each) => each?.form === form) as readonly CertificateTime[];
}

const isUtcTime = (certificate: CertificateView) => timesOf(certificate, 'UTCTime').length > 0;
const isGeneralizedTime = (certificate: CertificateView) =>
  timesOf(certificate, 'GeneralizedTime').length > 0;
const shown = ({ text }: CertificateTime) => `"${text.replace(/[^\x20-\x7e]/g, '?')}"`;

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/utc-time-without-seconds',
      severity: 'error',
      title: 'A UTCTime has no seconds',
      why: WHY,
      remedy: REMEDY,
      standard: 'RFC 5280, 4.1.2.5.1',
      source: 'RFC',
      since: SINCE,
      zlint: ['e_utc_time_does_not_include_seconds'],
    },
    applies: isUtcTime,
    check(certificate) {
      const bad = timesOf(certificate, 'UTCTime').find(
        ({ text }) => text.length !== 13 && text.length !== 17,
      );
      return bad && `the time ${shown(bad)} has no seconds`;
    },
  },
  {
    meta: {
      id: 'lint/utc-time-not-zulu',
      severity: 'error',
      title: 'A UTCTime is not in Greenwich Mean Time',
      why: WHY,
      remedy: REMEDY,
      standard: 'RFC 5280, 4.1.2.5.1',
      source: 'RFC',
      since: SINCE,
      zlint: ['e_utc_time_not_in_zulu'],
    },
    applies: isUtcTime,
    check(certificate) {
      const bad = timesOf(certificate, 'UTCTime').find(({ text }) => !text.endsWith('Z'));
      return bad && `the time ${shown(bad)} does not end in Z`;
    },
  },
  {
    meta: {
      id: 'lint/generalized-time-without-seconds',
      severity: 'error',
      title: 'A GeneralizedTime has no seconds',
      why: WHY,
      remedy: REMEDY,
      standard: 'RFC 5280, 4.1.2.5.2',
      source: 'RFC',
      since: SINCE,
      zlint: ['e_generalized_time_does_not_include_seconds'],
    },
    applies: isGeneralizedTime,
    check(certificate) {
      const bad = timesOf(certificate, 'GeneralizedTime').find(({ text }) => !/^\d{14}/.test(text));
      return bad && `the time ${shown(bad)} has no seconds`;
    },
  },
  {
    meta: {
      id: 'lint/generalized-time-fraction',
      severity: 'error',
      title: 'A GeneralizedTime has fractions of seconds',
      why: WHY,
      remedy: REMEDY,
      standard: 'RFC 5280, 4.1.2.5.2',
      source: 'RFC',
      since: SINCE,
      zlint: ['e_generalized_time_includes_fraction_seconds'],
    },
    applies: isGeneralizedTime,
    check(certificate) {
      const bad = timesOf(certificate, 'GeneralizedTime').find(({ text }) => /[.,]/.test(text));
      return bad && `the time ${shown(bad)} has a fraction of a second`;
    },
  },
  {
    meta: {
      id: 'lint/generalized-time-not-zulu',
      severity: 'error',
      title: 'A GeneralizedTime is not in Greenwich Mean Time',
      why: WHY,
      remedy: REMEDY,
      standard: 'RFC 5280, 4.1.2.5.2',
      source: 'RFC',
      since: SINCE,
      zlint: ['e_generalized_time_not_in_zulu'],
    },
    applies: isGeneralizedTime,
    check(certificate) {
      const bad = timesOf(certificate, 'GeneralizedTime').find(({ text }) => !text.endsWith('Z'));
      return bad && `the time ${shown(bad)} does not end in Z`;
    },
  },
  {
    meta: {
      id: 'lint/generalized-time-before-2050',
      severity: 'error',
      title: 'A time before 2050 is a GeneralizedTime',
      why: WHY,
      remedy: REMEDY,
      standard: 'RFC 5280, 4.1.2.5',
      source: 'RFC',
      since: SINCE,
      zlint: ['e_wrong_time_format_pre2050'],
    },
    check(certificate) {
      const bad = timesOf(certificate, 'GeneralizedTime').find(
        ({ at }) => at !== undefined && at < LAST_OF_UTC_TIME,
      );
      return bad && `the time ${shown(bad)} is before 2050, and so has to be a UTCTime`;
    },
  },
];
