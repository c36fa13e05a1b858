/** Names of hosts in end certificates: by RFC 5280 those of the alternative names, for browsers the common name, too. */
import { decodePunycode } from '../../../text/punycode.ts';
import type { CertificateView } from '../../certificateView.ts';
import { domainOf } from '../../domains.ts';
import { isAddress } from '../../hostNames.ts';
import type { LintMeta, LintRule } from '../../lintRule.ts';
import { valuesOf } from '../../view/distinguishedName.ts';

const AGAIN = 'Have it issued again with names as hosts have them.';
const UNREACHABLE =
  'Such a name can be no host: nobody reaches it, and nobody can have proved that it is theirs.';

/** The names, and the common name where it is no address. */
function browserNames({ dnsNames, subject }: CertificateView): readonly string[] {
  const common = valuesOf(subject, 'CN').at(-1);
  return common === undefined || common === '' || isAddress(common) ? dnsNames : [common, ...dnsNames];
}

const hasNames = (certificate: CertificateView) =>
  certificate.isSubscriber &&
  (certificate.dnsNames.length > 0 || (valuesOf(certificate.subject, 'CN').at(-1) ?? '') !== '');
const withAltNames = ({ subjectAltName }: CertificateView) => subjectAltName !== undefined;
const shown = (name: string) => `"${name.slice(0, 80).replace(/[^\x20-\x7e]/g, '?')}"`;

type Names = (certificate: CertificateView) => readonly string[];
const altNames: Names = ({ dnsNames }) => dnsNames;

interface Row {
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

const labels = (name: string) => name.split('.');
const TLS_NAMES = 'CA/Browser Forum TLS BR, 7.1.4.2';

/** Each of them once by RFC 5280 and once for browsers. */
function twice(
  row: Omit<Row, 'id' | 'standard' | 'source' | 'since' | 'zlint' | 'names'> & {
    readonly what: string;
    readonly rfc: readonly string[];
    readonly browsers: readonly string[];
    readonly browsersSince: string;
  },
): readonly Row[] {
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

const ROWS: readonly Row[] = [
  ...twice({
    what: 'empty-label',
    title: 'A DNS name has an empty label',
    bad: 'has an empty label',
    isBad: (name) => labels(name).includes(''),
    rfc: ['e_rfc_dnsname_empty_label'],
    browsers: ['e_dnsname_empty_label'],
    browsersSince: '2012-07-01',
  }),
  ...twice({
    what: 'label-too-long',
    title: 'A label of a DNS name has more than 63 characters',
    bad: 'has a label of more than 63 characters',
    isBad: (name) => labels(name).some((label) => label.length > 63),
    rfc: ['e_rfc_dnsname_label_too_long'],
    browsers: ['e_dnsname_label_too_long'],
    browsersSince: '2012-07-01',
  }),
  ...twice({
    what: 'hyphen',
    title: 'The registered part of a DNS name begins or ends with a hyphen',
    bad: 'has a hyphen at the edge of its registered part',
    isBad: (name) => /^-|-$/.test(domainOf(name).registered),
    rfc: ['e_rfc_dnsname_hyphen_in_sld'],
    browsers: ['e_dnsname_hyphen_in_sld'],
    browsersSince: '2008-05-01',
  }),
  ...twice({
    what: 'underscore-registered',
    title: 'The registered part of a DNS name has an underscore',
    bad: 'has an underscore in its registered part',
    isBad: (name) => domainOf(name).registered.includes('_'),
    rfc: ['e_rfc_dnsname_underscore_in_sld'],
    browsers: ['e_dnsname_underscore_in_sld'],
    browsersSince: '2008-05-01',
  }),
  ...twice({
    what: 'underscore',
    severity: 'warning',
    title: 'A DNS name has an underscore',
    bad: 'has an underscore',
    isBad: (name) => domainOf(name).below.includes('_'),
    rfc: ['w_rfc_dnsname_underscore_in_trd'],
    browsers: ['w_dnsname_underscore_in_trd'],
    browsersSince: '2008-05-01',
  }),
  {
    id: 'lint/dns-name-too-long',
    title: 'A DNS name has more than 253 characters',
    standard: 'RFC 5280, 4.2.1.6; RFC 1035, 2.3.4',
    source: 'RFC',
    since: '2008-05-01',
    zlint: ['e_ext_san_dns_name_too_long'],
    names: altNames,
    applies: ({ dnsNames }) => dnsNames.length > 0,
    bad: 'has more than 253 characters',
    isBad: (name) => name.length > 253,
  },
  {
    id: 'lint/browser-name-characters',
    title: 'A DNS name has characters that no host has',
    standard: TLS_NAMES,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['e_dnsname_bad_character_in_label'],
    names: browserNames,
    bad: 'has characters that no host has',
    isBad: (name) =>
      !/^(?:\*\.)?(?:\?\.)*(?:[A-Za-z0-9*_-]*\.)*[A-Za-z0-9*_-]*$/.test(name) ||
      /[^.]\.\.|^\.(?=.)/.test(name),
  },
  {
    id: 'lint/browser-name-not-public',
    title: 'A certificate for browsers has an internal name',
    why: 'Several networks have a host of that name: whoever gets such a certificate can stand for the one in any of them.',
    remedy: 'Use an authority of your own for internal names, or a name under a domain of yours.',
    standard: 'CA/Browser Forum TLS BR, 4.2.2 and 7.1.4.2',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['e_dnsname_not_valid_tld'],
    names: browserNames,
    bad: 'is in no top-level domain that is delegated',
    isBad: (name) => !domainOf(name).isPublic,
  },
  {
    id: 'lint/browser-name-suffix',
    title: 'A name is a top-level domain',
    why: 'Nobody has a whole top-level domain to prove.',
    standard: 'CA/Browser Forum TLS BR, 1.6.1 and 3.2.2.6',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['e_dnsname_contains_bare_iana_suffix'],
    names: browserNames,
    bad: 'is a top-level domain',
    isBad: (name) => !name.includes('.') && domainOf(name).isSuffix,
  },
  {
    id: 'lint/dns-name-public-suffix',
    severity: 'info',
    title: 'A DNS name is a public suffix',
    why: 'Others register names under it; it is seldom a host.',
    standard: 'CA/Browser Forum TLS BR, 3.2.2.6',
    source: 'community',
    zlint: ['n_san_iana_pub_suffix_empty'],
    names: altNames,
    applies: withAltNames,
    bad: 'is a public suffix',
    isBad: (name) => name !== '' && (domainOf(name).isSuffix || !name.includes('.')),
  },
  {
    id: 'lint/wildcard-of-public-suffix',
    severity: 'info',
    title: 'A wildcard stands for everybody under a public suffix',
    why: 'Everybody who registers under it would be covered.',
    standard: 'CA/Browser Forum TLS BR, 3.2.2.6',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['n_dnsname_wildcard_left_of_public_suffix'],
    names: browserNames,
    bad: 'is a wildcard left of a public suffix',
    isBad: (name) => domainOf(name).registered === '*',
  },
  {
    id: 'lint/wildcard-in-label',
    title: 'A wildcard is a part of a label',
    why: 'Clients take a wildcard for a whole label alone (RFC 9525, 6.3), and refuse such a name or match too much.',
    standard: 'CA/Browser Forum TLS BR, 1.6.1',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['e_dnsname_left_label_wildcard_correct'],
    names: browserNames,
    applies: () => true,
    bad: 'has a wildcard with something beside it',
    isBad: (name) => (labels(name)[0] ?? '').includes('*') && labels(name)[0] !== '*',
  },
  {
    id: 'lint/wildcard-not-left',
    title: 'A wildcard is not in the first label',
    why: 'Clients take a wildcard for the first label alone (RFC 9525, 6.3).',
    standard: 'CA/Browser Forum TLS BR, 1.6.1',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['e_dnsname_wildcard_only_in_left_label'],
    names: browserNames,
    applies: () => true,
    bad: 'has a wildcard behind its first label',
    isBad: (name) =>
      labels(name)
        .slice(1)
        .some((label) => label.includes('*')),
  },
  {
    id: 'lint/reserved-label',
    title: 'A label has hyphens in its third and fourth place and is no A-label',
    why: 'Such labels are kept for encodings to come.',
    standard: 'CA/Browser Forum TLS BR, 7.1.4.2.1; RFC 5890, 2.3.1',
    source: 'CA/B TLS BR',
    since: '2021-10-01',
    zlint: ['e_dnsname_contains_prohibited_reserved_label'],
    names: altNames,
    bad: 'has a label that is reserved',
    isBad: (name) => labels(name).some((label) => /^..--/.test(label) && !/^xn--/i.test(label)),
  },
  {
    id: 'lint/reverse-zone-name',
    title: 'A name ends in a zone of reverse lookups',
    why: 'Such names belong to addresses and not to hosts.',
    standard: 'CA/Browser Forum TLS BR, 4.2.2 (ballot SC-086)',
    source: 'CA/B TLS BR',
    since: '2026-03-15',
    zlint: ['e_arpa_domain_not_allowed'],
    names: altNames,
    applies: ({ isSubscriber }) => isSubscriber,
    bad: 'ends in a zone of reverse lookups',
    isBad: (name) => /\.(?:in-addr|ip6)\.arpa$/i.test(name),
  },
  {
    id: 'lint/underscore-before-2018-12',
    title: 'A DNS name has an underscore',
    standard: 'CA/Browser Forum TLS BR before 1.6.2, 7.1.4.2.1',
    source: 'CA/B TLS BR',
    until: '2018-12-10',
    zlint: ['e_no_underscores_before_1_6_2'],
    names: altNames,
    bad: 'has an underscore',
    isBad: (name) => name.includes('_'),
  },
  {
    id: 'lint/underscore-not-allowed',
    title: 'A DNS name of a certificate for browsers has an underscore',
    standard: 'CA/Browser Forum TLS BR, 7.1.4.2.1 (ballot SC-012)',
    source: 'CA/B TLS BR',
    since: '2019-04-01',
    zlint: ['e_underscore_not_permissible_in_dnsname'],
    names: altNames,
    bad: 'has an underscore',
    isBad: (name) => name.includes('_'),
  },
  {
    id: 'lint/underscore-in-place-of-nothing',
    title: 'A DNS name is no name with hyphens in place of its underscores either',
    standard: 'CA/Browser Forum TLS BR 1.6.2, 7.1.4.2.1',
    source: 'CA/B TLS BR',
    since: '2018-12-10',
    until: '2019-04-01',
    zlint: ['e_underscore_permissible_in_dnsname_if_valid_when_replaced'],
    names: altNames,
    bad: 'has a label that is none with hyphens in place of underscores either',
    isBad: (name) =>
      labels(name).some(
        (label) =>
          label.includes('_') && !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label.replaceAll('_', '-')),
      ),
  },
  {
    id: 'lint/redacted-name',
    severity: 'info',
    title: 'A name is redacted',
    why: 'Logs once allowed to hide labels with question marks; no client matches them.',
    standard: 'RFC 6962-bis, drafts until 2017',
    source: 'community',
    zlint: ['n_contains_redacted_dnsname'],
    names: browserNames,
    applies: ({ isSubscriber }) => isSubscriber,
    bad: 'is redacted',
    isBad: (name) => name.replace(/^\*\./, '').startsWith('?.'),
  },
  {
    id: 'lint/idna-not-decodable',
    title: 'An A-label is no Punycode',
    why: 'Nobody can show what the name says, and clients that try fail in different ways.',
    standard: 'RFC 5280, 7.2; RFC 5891, 4.4; RFC 3492',
    source: 'RFC',
    since: '2003-03-01',
    zlint: ['e_international_dns_name_not_unicode'],
    names: altNames,
    applies: withAltNames,
    bad: 'has an A-label that cannot be decoded',
    isBad: (name) =>
      labels(name).some((label) => /^xn--/i.test(label) && decodePunycode(label.slice(4)) === undefined),
  },
  {
    id: 'lint/idna-not-nfc',
    title: 'An A-label is not in the normal form of Unicode',
    why: 'The same letters can be written in several ways; only the normal form is one name.',
    standard: 'RFC 8399, 2.2; RFC 5891, 4.1',
    source: 'RFC',
    since: '2018-05-01',
    zlint: ['e_international_dns_name_not_nfc'],
    names: altNames,
    applies: withAltNames,
    bad: 'has an A-label that is not in normal form C',
    isBad: (name) =>
      labels(name).some((label) => {
        const text = /^xn--/i.test(label) ? decodePunycode(label.slice(4)) : undefined;
        return text !== undefined && text !== text.normalize('NFC');
      }),
  },
  {
    id: 'lint/issuer-public-suffix',
    severity: 'warning',
    title: 'A DNS name of the issuer has less than three labels',
    why: 'A name of one or two labels is mostly a suffix and no host.',
    standard: 'RFC 5280, 4.2.1.7',
    source: 'community',
    zlint: ['w_ian_iana_pub_suffix_empty'],
    names: ({ issuerAltName = [] }) =>
      issuerAltName.flatMap(({ form, text }) => (form === 'dns' ? [text] : [])),
    applies: ({ issuerAltName }) => issuerAltName !== undefined,
    bad: 'has less than three labels',
    isBad: (name) => labels(name).length < 3,
  },
];

export const rules: readonly LintRule[] = [
  ...ROWS.map(
    ({
      id,
      severity = 'error',
      title,
      why = UNREACHABLE,
      remedy = AGAIN,
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
  ),
  {
    meta: {
      id: 'lint/dns-name-twice',
      severity: 'info',
      title: 'A DNS name stands among the alternative names twice',
      why: 'It says nothing more, and makes each handshake longer.',
      remedy: 'Have it issued again with each name once.',
      standard: 'RFC 5280, 4.2.1.6',
      source: 'community',
      zlint: ['n_san_dns_name_duplicate'],
    },
    applies: withAltNames,
    check({ dnsNames }) {
      const seen = new Set<string>();
      for (const name of dnsNames) {
        const lower = name.toLowerCase();
        if (seen.has(lower)) return `${shown(name)} stands there twice`;
        seen.add(lower);
      }
      return undefined;
    },
  },
  {
    meta: {
      id: 'lint/underscore-held-too-long',
      severity: 'error',
      title: 'A certificate with an underscore holds 30 days or longer',
      why: 'For some months such names were allowed for short certificates, so that they could be replaced.',
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR 1.6.2, 7.1.4.2.1',
      source: 'CA/B TLS BR',
      since: '2018-12-10',
      until: '2019-04-01',
      zlint: ['e_underscore_present_with_too_long_validity'],
    },
    applies: (certificate) =>
      hasNames(certificate) &&
      (certificate.notAfter?.at ?? 0) >= (certificate.notBefore?.at ?? 0) + 30 * 24 * 60 * 60 * 1000,
    check({ dnsNames }) {
      const found = dnsNames.find((name) => name.includes('_'));
      return found === undefined
        ? undefined
        : `${shown(found)} has an underscore, and the certificate holds 30 days or longer`;
    },
  },
];
