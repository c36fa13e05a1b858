/** How long a certificate for browsers may hold: the steps of the CA/Browser Forum, by the day on which it begins. */
import type { CertificateView } from '../../certificateView.ts';
import type { LintRule } from '../../lintRule.ts';
import { isServerCertificate } from '../../purpose.ts';

const DAY = 24 * 60 * 60 * 1000;
const WHY =
  'The longer a certificate holds, the longer a lost key or a name that changed hands can be used. Browsers refuse certificates that hold longer than was allowed on the day on which they begin.';

interface Step {
  readonly days: number;
  readonly since: string;
  readonly until?: string;
  readonly standard: string;
  readonly source: 'CA/B TLS BR' | 'Apple';
  readonly zlint: string;
  readonly warning?: string;
}

/** Both ends are counted: a second more is a day more (CA/Browser Forum TLS BR, 6.3.2). */
function secondsOver({ notBefore, notAfter }: CertificateView, days: number): boolean {
  if (notBefore?.at === undefined || notAfter?.at === undefined) return false;
  return notAfter.at + 1000 - notBefore.at > days * DAY;
}

function daysOf({ notBefore, notAfter }: CertificateView): number {
  return Math.ceil(((notAfter?.at ?? 0) + 1000 - (notBefore?.at ?? 0)) / DAY);
}

const STEPS: readonly Step[] = [
  {
    days: 398,
    since: '2020-09-01',
    standard: 'CA/Browser Forum TLS BR, 6.3.2; Apple Root Program, 2020',
    source: 'Apple',
    zlint: 'e_tls_server_cert_valid_time_longer_than_398_days',
    warning: 'w_tls_server_cert_valid_time_longer_than_397_days',
  },
  {
    days: 200,
    since: '2026-03-15',
    until: '2027-03-15',
    standard: 'CA/Browser Forum TLS BR, 6.3.2 (ballot SC-081v3)',
    source: 'CA/B TLS BR',
    zlint: 'e_server_cert_valid_time_longer_than_200_days',
    warning: 'w_server_cert_valid_time_longer_than_199_days',
  },
  {
    days: 100,
    since: '2027-03-15',
    until: '2029-03-15',
    standard: 'CA/Browser Forum TLS BR, 6.3.2 (ballot SC-081v3)',
    source: 'CA/B TLS BR',
    zlint: 'e_server_cert_valid_time_longer_than_100_days',
    warning: 'w_server_cert_valid_time_longer_than_99_days',
  },
  {
    days: 47,
    since: '2029-03-15',
    standard: 'CA/Browser Forum TLS BR, 6.3.2 (ballot SC-081v3)',
    source: 'CA/B TLS BR',
    zlint: 'e_server_cert_valid_time_longer_than_47_days',
    warning: 'w_server_cert_valid_time_longer_than_46_days',
  },
];

const isServer = (certificate: CertificateView) =>
  isServerCertificate(certificate) && !certificate.isAuthority;

function limitOf({ days, since, until, standard, source, zlint }: Step): LintRule {
  return {
    meta: {
      id: `lint/validity-over-${days}-days`,
      severity: 'error',
      title: `A certificate for browsers holds longer than ${days} days`,
      why: WHY,
      remedy: `Issue it for at most ${days} days, better for less, and renew it automatically.`,
      standard,
      source,
      since,
      ...(until === undefined ? {} : { until }),
      zlint: [zlint],
    },
    applies: isServer,
    check: (certificate) =>
      secondsOver(certificate, days) &&
      `the certificate holds ${daysOf(certificate)} days, and ${days} are the most since ${since}`,
  };
}

function adviceOf({ days, since, until, standard, source, warning = '' }: Step): LintRule {
  return {
    meta: {
      id: `lint/validity-over-${days - 1}-days`,
      severity: 'info',
      title: `A certificate for browsers holds the ${days} days that are the most`,
      why: 'Both ends of a validity count. Who issues for the most that is allowed is over it by one second of rounding.',
      remedy: `Issue it for at most ${days - 1} days.`,
      standard,
      source,
      since,
      ...(until === undefined ? {} : { until }),
      zlint: [warning],
    },
    applies: isServer,
    check: (certificate) =>
      secondsOver(certificate, days - 1) &&
      `the certificate holds ${daysOf(certificate)} days; ${days - 1} leave room for rounding`,
  };
}

/** Steps of former years, told from the day on which a certificate began. */
const EARLIER: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/validity-over-39-months',
      severity: 'error',
      title: 'A certificate for browsers holds longer than 39 months',
      why: WHY,
      remedy: 'Issue it for the time that is allowed today.',
      standard: 'CA/Browser Forum TLS BR, 6.3.2',
      source: 'CA/B TLS BR',
      since: '2016-07-02',
      zlint: ['e_sub_cert_valid_time_longer_than_39_months'],
    },
    applies: ({ isSubscriber }) => isSubscriber,
    check: ({ notBefore, notAfter }) =>
      notBefore?.at !== undefined &&
      notAfter?.at !== undefined &&
      monthsAfter(notBefore.at, 39) < notAfter.at &&
      'the certificate holds longer than 39 months',
  },
  {
    meta: {
      id: 'lint/validity-over-825-days',
      severity: 'error',
      title: 'A certificate for browsers holds longer than 825 days',
      why: WHY,
      remedy: 'Issue it for the time that is allowed today.',
      standard: 'CA/Browser Forum TLS BR, 6.3.2',
      source: 'CA/B TLS BR',
      since: '2018-03-02',
      zlint: ['e_sub_cert_valid_time_longer_than_825_days'],
    },
    applies: ({ isSubscriber }) => isSubscriber,
    check: ({ notBefore, notAfter }) =>
      notBefore?.at !== undefined &&
      notAfter?.at !== undefined &&
      notBefore.at + 825 * DAY < notAfter.at &&
      'the certificate holds longer than 825 days',
  },
];

/** The same day of a later month; a day that it does not have runs over into the next. */
export function monthsAfter(at: number, months: number): number {
  const date = new Date(at);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime();
}

export const rules: readonly LintRule[] = [
  ...STEPS.map(limitOf),
  ...STEPS.filter(({ warning }) => warning !== undefined).map(adviceOf),
  ...EARLIER,
];
