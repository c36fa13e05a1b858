/** Rules about names of hosts in end certificates, as rows: by RFC 5280 those of the alternative names, for browsers the common name, too. */
import type { CertificateView } from './certificateView.ts';
import { isAddress } from './hostNames.ts';
import type { LintMeta, LintRule } from './lintRule.ts';
import { valuesOf } from './view/distinguishedName.ts';

export const RENAMED = 'Have it issued again with names as hosts have them.';
const UNREACHABLE =
  'Such a name can be no host: nobody reaches it, and nobody can have proved that it is theirs.';

/** The names, and the common name where it is no address. */
export function browserNames({ dnsNames, subject }: CertificateView): readonly string[] {
  const common = valuesOf(subject, 'CN').at(-1);
  return common === undefined || common === '' || isAddress(common) ? dnsNames : [common, ...dnsNames];
}

export const hasNames = (certificate: CertificateView) =>
  certificate.isSubscriber &&
  (certificate.dnsNames.length > 0 || (valuesOf(certificate.subject, 'CN').at(-1) ?? '') !== '');
export const withAltNames = ({ subjectAltName }: CertificateView) => subjectAltName !== undefined;
export const shown = (name: string) => `"${name.slice(0, 80).replace(/[^\x20-\x7e]/g, '?')}"`;

type Names = (certificate: CertificateView) => readonly string[];
export const altNames: Names = ({ dnsNames }) => dnsNames;

export interface NameRow {
  readonly id: LintMeta['id'];
  readonly severity?: LintMeta['severity'];
  readonly title: string;
  readonly why?: string;
  readonly remedy?: string;
  readonly standard: string;
  readonly source: LintMeta['source'];
  readonly since?: string;
  readonly until?: string;
  readonly zlint: readonly string[];
  readonly names: Names;
  readonly applies?: (certificate: CertificateView) => boolean;
  /** What is said behind the name. */
  readonly bad: string;
  readonly isBad: (name: string) => boolean;
}

export const labels = (name: string) => name.split('.');
export const TLS_NAMES = 'CA/Browser Forum TLS BR, 7.1.4.2';

/** Each of them once by RFC 5280 and once for browsers. */
export function twice(
  row: Omit<NameRow, 'id' | 'standard' | 'source' | 'since' | 'zlint' | 'names'> & {
    readonly what: string;
    readonly rfc: readonly string[];
    readonly browsers: readonly string[];
    readonly browsersSince: string;
  },
): readonly NameRow[] {
  const { what, rfc, browsers, browsersSince, ...rest } = row;
  return [
    {
      ...rest,
      id: `lint/dns-name-${what}`,
      standard: 'RFC 5280, 4.2.1.6; RFC 1034, 3.5',
      source: 'RFC',
      since: '2008-05-01',
      zlint: rfc,
      names: altNames,
    },
    {
      ...rest,
      id: `lint/browser-name-${what}`,
      title: `${row.title}, in a certificate for browsers`,
      standard: TLS_NAMES,
      source: 'CA/B TLS BR',
      since: browsersSince,
      zlint: browsers,
      names: browserNames,
    },
  ];
}

export function nameRules(rows: readonly NameRow[]): readonly LintRule[] {
  return rows.map(
    ({
      id,
      severity = 'error',
      title,
      why = UNREACHABLE,
      remedy = RENAMED,
      standard,
      source,
      since,
      until,
      zlint,
      names,
      applies = hasNames,
      bad,
      isBad,
    }): LintRule => ({
      meta: {
        id,
        severity,
        title,
        why,
        remedy,
        standard,
        source,
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
        zlint,
      },
      applies,
      check(certificate) {
        const found = names(certificate).find(isBad);
        return found === undefined ? undefined : `${shown(found)} ${bad}`;
      },
    }),
  );
}
