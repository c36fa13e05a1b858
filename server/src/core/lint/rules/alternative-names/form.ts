/** How the names in subjectAltName and issuerAltName are written (RFC 5280, 4.2.1.6 and 4.2.1.7): the same rules for both. */
import type { CertificateView } from '../../certificateView.ts';
import { isAddress, isFullyQualified, uriParts } from '../../hostNames.ts';
import type { LintMeta, LintRule } from '../../lintRule.ts';
import { type AlternativeName, textsOf } from '../../view/alternativeName.ts';

interface Whose {
  readonly extension: 'subjectAltName' | 'issuerAltName';
  readonly prefix: 'subject' | 'issuer';
  readonly zlint: 'san' | 'ian';
  readonly standard: string;
}

const SUBJECT: Whose = {
  extension: 'subjectAltName',
  prefix: 'subject',
  zlint: 'san',
  standard: 'RFC 5280, 4.2.1.6',
};
const ISSUER: Whose = {
  extension: 'issuerAltName',
  prefix: 'issuer',
  zlint: 'ian',
  standard: 'RFC 5280, 4.2.1.7',
};

type NameCheck = (names: readonly AlternativeName[], whose: Whose) => string | undefined;

interface Row {
  /** Behind `lint/subject-` and `lint/issuer-`. */
  readonly id: string;
  readonly what: string;
  readonly why: string;
  readonly severity?: LintMeta['severity'];
  readonly since?: string;
  readonly source?: LintMeta['source'];
  /** Behind `e_ext_san_` or whatever stands before it. */
  readonly zlint: (whose: Whose) => string;
  readonly of?: readonly Whose[];
  readonly find: NameCheck;
}

const MALFORMED =
  'A name that is malformed is read differently by different software, and matches nobody or too many.';
const shown = (text: string) => `"${text.slice(0, 80).replace(/[^\x20-\x7e]/g, '?')}"`;
const first = (
  names: readonly AlternativeName[],
  form: AlternativeName['form'],
  bad: (text: string) => boolean,
) => textsOf(names, form).find(bad);
const told = (name: string | undefined, what: string) =>
  name === undefined ? undefined : `${shown(name)} ${what}`;

const ROWS: readonly Row[] = [
  {
    id: 'names-empty',
    what: 'has no entries',
    why: 'The extension is there to name somebody, and names nobody.',
    since: '1999-01-01',
    zlint: ({ zlint }) => `e_ext_${zlint}_no_entries`,
    find: (names) => (names.length === 0 ? 'it has no names' : undefined),
  },
  {
    id: 'name-empty',
    what: 'has an empty name',
    why: 'An empty name may be read as one that matches all.',
    since: '1999-01-01',
    zlint: ({ zlint }) => `e_ext_${zlint}_empty_name`,
    find: (names) =>
      names.some(({ octets }) => octets.length === 0) ? 'one of its names is empty' : undefined,
  },
  {
    id: 'dns-name-not-ascii',
    what: 'has a DNS name with characters outside of ASCII',
    why: 'DNS names are IA5String; international ones are written in their A-label form (xn--).',
    since: '1999-01-01',
    zlint: ({ zlint }) => `e_ext_${zlint}_dns_not_ia5_string`,
    find: (names) =>
      told(
        first(names, 'dns', (text) => /\P{ASCII}/u.test(text)),
        'is not ASCII',
      ),
  },
  {
    id: 'dns-name-space',
    what: 'has a space as DNS name',
    why: 'The standard forbids it by name: some software took it for any host.',
    since: '1999-01-01',
    zlint: ({ zlint }) => `e_ext_${zlint}_space_dns_name`,
    find: (names) =>
      told(
        first(names, 'dns', (text) => text === ' '),
        'is no DNS name',
      ),
  },
  {
    id: 'email-malformed',
    what: 'has an e-mail address with brackets or a comment',
    why: MALFORMED,
    since: '1999-01-01',
    zlint: ({ zlint }) => `e_ext_${zlint}_rfc822_format_invalid`,
    find: (names) =>
      told(
        first(
          names,
          'email',
          (text) => text !== '' && (/ /.test(text) || text.startsWith('<') || text.endsWith(')')),
        ),
        'is no mailbox alone',
      ),
  },
  {
    id: 'uri-malformed',
    what: 'has a URI without scheme or content',
    why: MALFORMED,
    since: '2008-05-01',
    zlint: ({ zlint }) => `e_ext_${zlint}_uri_format_invalid`,
    find: (names) =>
      told(
        first(names, 'uri', (text) => {
          const parts = uriParts(text);
          return parts === undefined || parts.scheme === '' || parts.isEmpty;
        }),
        'is no URI with a scheme and what belongs to it',
      ),
  },
  {
    id: 'uri-relative',
    what: 'has a relative URI',
    why: 'There is nothing that it could be relative to.',
    since: '2008-05-01',
    zlint: ({ zlint }) => `e_ext_${zlint}_uri_relative`,
    find: (names) =>
      told(
        first(names, 'uri', (text) => (uriParts(text)?.scheme ?? '') === ''),
        'is a relative URI',
      ),
  },
  {
    id: 'uri-host',
    what: 'has a URI whose host is neither a full domain name nor an address',
    why: MALFORMED,
    since: '2008-05-01',
    zlint: ({ zlint }) => `e_ext_${zlint}_uri_host_not_fqdn_or_ip`,
    find: (names) =>
      told(
        first(names, 'uri', (text) => {
          if (text === '') return false;
          const parts = uriParts(text);
          if (parts === undefined) return true;
          if (parts.isOpaque) return false;
          // A SPIFFE trust domain is a name of its own kind (X509-SVID, 2).
          if (parts.scheme === 'spiffe' && parts.host !== '') return false;
          return parts.host === '' || !(isFullyQualified(parts.host) || isAddress(parts.host));
        }),
        'has no full domain name or address as its host',
      ),
  },
  {
    id: 'uri-not-ascii',
    what: 'has a URI with characters outside of ASCII',
    why: 'A URI is ASCII; other characters are percent-encoded (RFC 3986, 2.1).',
    since: '2008-05-01',
    zlint: ({ zlint }) => `e_ext_${zlint}_uri_not_ia5`,
    find: (names) =>
      told(
        first(names, 'uri', (text) => /\P{ASCII}/u.test(text)),
        'is not ASCII',
      ),
  },
  {
    id: 'bare-wildcard',
    what: 'has a wildcard with nothing behind it',
    why: 'It would stand for every host there is.',
    source: 'community',
    zlint: ({ zlint }) => `e_${zlint}_bare_wildcard`,
    find: (names) =>
      told(
        first(names, 'dns', (text) => text.endsWith('*')),
        'ends with a wildcard',
      ),
  },
  {
    id: 'wildcard-inside',
    what: 'has a wildcard that is not at the beginning',
    why: 'Clients take a wildcard for the whole first label alone (RFC 9525, 6.3); elsewhere it matches nothing, or what nobody meant.',
    source: 'community',
    zlint: ({ zlint }) => `e_${zlint}_wildcard_not_first`,
    find: (names) =>
      told(
        first(names, 'dns', (text) => text.indexOf('*', 1) > 0),
        'has a wildcard inside',
      ),
  },
  {
    id: 'dns-name-null',
    what: 'has a DNS name with a zero octet',
    why: 'Software that ends strings at a zero octet reads another name than the authority checked.',
    source: 'community',
    zlint: ({ zlint }) => `e_${zlint}_dns_name_includes_null_char`,
    find: (names) =>
      told(
        first(names, 'dns', (text) => text.includes('\0')),
        'has a zero octet',
      ),
  },
  {
    id: 'dns-name-leading-period',
    what: 'has a DNS name that begins with a period',
    why: 'That is the form of name constraints; as a name it matches nothing, or a whole domain.',
    source: 'community',
    zlint: ({ zlint }) => `e_${zlint}_dns_name_starts_with_period`,
    find: (names) =>
      told(
        first(names, 'dns', (text) => text.startsWith('.')),
        'begins with a period',
      ),
  },
];

function ruleOf(
  { id, what, why, severity = 'error', since, source = 'RFC', zlint, find }: Row,
  whose: Whose,
): LintRule {
  const names = (certificate: CertificateView) =>
    whose.extension === 'subjectAltName' ? certificate.subjectAltName : certificate.issuerAltName;
  return {
    meta: {
      id: `lint/${whose.prefix}-${id}`,
      severity,
      title: `The extension ${whose.extension} ${what}`,
      why,
      remedy: 'Issue it again with the names as the standard writes them.',
      standard: whose.standard,
      source,
      ...(since === undefined ? {} : { since }),
      zlint: [zlint(whose)],
    },
    applies: (certificate) => names(certificate) !== undefined,
    check(certificate) {
      const found = find(names(certificate) ?? [], whose);
      return found === undefined ? undefined : `${whose.extension}: ${found}`;
    },
  };
}

export const rules: readonly LintRule[] = ROWS.flatMap((row) => [ruleOf(row, SUBJECT), ruleOf(row, ISSUER)]);
