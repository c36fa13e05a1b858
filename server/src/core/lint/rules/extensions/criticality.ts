/** Which extensions have to be critical, and which must not be: one table. */
import { EXTENSIONS } from '../../../credential/oid.ts';
import type { CertificateView } from '../../certificateView.ts';
import type { LintMeta, LintRule } from '../../lintRule.ts';

interface Row {
  readonly id: LintMeta['id'];
  /** As in `EXTENSIONS`. */
  readonly extension: string;
  readonly must: 'critical' | 'not critical';
  readonly severity?: LintMeta['severity'];
  readonly standard: string;
  readonly source: LintMeta['source'];
  readonly since: string | undefined;
  readonly zlint: string;
  /** Of whom; all that have it. */
  readonly whose?: readonly [text: string, holds: (certificate: CertificateView) => boolean];
}

const AUTHORITY = ['of an authority', (each: CertificateView) => each.isAuthority] as const;
const SUBORDINATE = [
  'of a subordinate authority',
  (each: CertificateView) => each.isAuthority && !each.isSelfSigned,
] as const;
const ROOT = ['of a root', (each: CertificateView) => each.isAuthority && each.isSelfSigned] as const;
const SUBSCRIBER = ['of an end certificate', (each: CertificateView) => each.isSubscriber] as const;
const TLS = 'CA/Browser Forum TLS BR, ';
const RFC = 'RFC 5280, ';

const ROWS: readonly Row[] = [
  {
    id: 'lint/basic-constraints-not-critical',
    extension: 'basicConstraints',
    must: 'critical',
    standard: `${RFC}4.2.1.9`,
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'e_basic_constraints_not_critical',
    whose: AUTHORITY,
  },
  {
    id: 'lint/subscriber-basic-constraints-not-critical',
    extension: 'basicConstraints',
    must: 'critical',
    standard: `${TLS}7.1.2.7.6`,
    source: 'CA/B TLS BR',
    since: '2023-09-15',
    zlint: 'e_sub_cert_basic_constraints_not_critical',
    whose: SUBSCRIBER,
  },
  {
    id: 'lint/key-usage-not-critical',
    extension: 'keyUsage',
    must: 'critical',
    severity: 'warning',
    standard: `${RFC}4.2.1.3`,
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'w_ext_key_usage_not_critical',
  },
  {
    id: 'lint/authority-key-usage-not-critical',
    extension: 'keyUsage',
    must: 'critical',
    standard: `${TLS}7.1.2.1.2 and 7.1.2.10.7`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'e_ca_key_usage_not_critical',
    whose: AUTHORITY,
  },
  {
    id: 'lint/root-key-usage-not-critical',
    extension: 'keyUsage',
    must: 'critical',
    standard: `${TLS}7.1.2.1.2`,
    source: 'CA/B TLS BR',
    since: '1999-01-01',
    zlint: 'e_root_ca_key_usage_must_be_critical',
    whose: ROOT,
  },
  {
    id: 'lint/authority-key-id-critical',
    extension: 'authorityKeyIdentifier',
    must: 'not critical',
    standard: `${RFC}4.2.1.1`,
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'e_ext_authority_key_identifier_critical',
  },
  {
    id: 'lint/subject-key-id-critical',
    extension: 'subjectKeyIdentifier',
    must: 'not critical',
    standard: `${RFC}4.2.1.2`,
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'e_ext_subject_key_identifier_critical',
  },
  {
    id: 'lint/authority-info-access-critical',
    extension: 'authorityInfoAccess',
    must: 'not critical',
    standard: `${RFC}4.2.2.1`,
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'e_ext_aia_marked_critical',
  },
  {
    id: 'lint/subordinate-authority-info-access-critical',
    extension: 'authorityInfoAccess',
    must: 'not critical',
    standard: `${TLS}7.1.2.10.3`,
    source: 'CA/B TLS BR',
    since: undefined,
    zlint: 'e_sub_ca_aia_marked_critical',
    whose: SUBORDINATE,
  },
  {
    id: 'lint/subscriber-authority-info-access-critical',
    extension: 'authorityInfoAccess',
    must: 'not critical',
    standard: `${TLS}7.1.2.7.6`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'e_sub_cert_aia_marked_critical',
    whose: SUBSCRIBER,
  },
  {
    id: 'lint/subject-info-access-critical',
    extension: 'subjectInfoAccess',
    must: 'not critical',
    standard: `${RFC}4.2.2.2`,
    source: 'RFC',
    since: '2002-04-01',
    zlint: 'e_subject_info_access_marked_critical',
  },
  {
    id: 'lint/subject-directory-attributes-critical',
    extension: 'subjectDirectoryAttributes',
    must: 'not critical',
    standard: `${RFC}4.2.1.8`,
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'e_ext_subject_directory_attr_critical',
  },
  {
    id: 'lint/issuer-alt-name-critical',
    extension: 'issuerAltName',
    must: 'not critical',
    severity: 'warning',
    standard: `${RFC}4.2.1.7`,
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'w_ext_ian_critical',
  },
  {
    id: 'lint/freshest-crl-critical',
    extension: 'freshestCRL',
    must: 'not critical',
    standard: `${RFC}4.2.1.15`,
    source: 'RFC',
    since: '2002-04-01',
    zlint: 'e_ext_freshest_crl_marked_critical',
  },
  {
    id: 'lint/crl-distribution-points-critical',
    extension: 'cRLDistributionPoints',
    must: 'not critical',
    severity: 'warning',
    standard: `${RFC}4.2.1.13`,
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'w_ext_crl_distribution_marked_critical',
  },
  {
    id: 'lint/tls-crl-distribution-points-critical',
    extension: 'cRLDistributionPoints',
    must: 'not critical',
    standard: `${TLS}7.1.2.11.2`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'e_sub_cert_crl_distribution_points_marked_critical',
  },
  {
    id: 'lint/subordinate-crl-distribution-points-critical',
    extension: 'cRLDistributionPoints',
    must: 'not critical',
    standard: `${TLS}7.1.2.10.6`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'e_sub_ca_crl_distribution_points_marked_critical',
    whose: SUBORDINATE,
  },
  {
    id: 'lint/name-constraints-not-critical',
    extension: 'nameConstraints',
    must: 'critical',
    standard: `${RFC}4.2.1.10`,
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'e_ext_name_constraints_not_critical',
  },
  {
    id: 'lint/subordinate-name-constraints-not-critical',
    extension: 'nameConstraints',
    must: 'critical',
    severity: 'warning',
    standard: `${TLS}7.1.2.10.8`,
    source: 'CA/B TLS BR',
    since: '2012-06-08',
    zlint: 'w_sub_ca_name_constraints_not_critical',
    whose: SUBORDINATE,
  },
  {
    id: 'lint/policy-constraints-not-critical',
    extension: 'policyConstraints',
    must: 'critical',
    standard: `${RFC}4.2.1.11`,
    source: 'RFC',
    since: '2008-05-01',
    zlint: 'e_ext_policy_constraints_not_critical',
  },
  {
    id: 'lint/policy-mappings-not-critical',
    extension: 'policyMappings',
    must: 'critical',
    severity: 'warning',
    standard: `${RFC}4.2.1.5`,
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'w_ext_policy_map_not_critical',
  },
  {
    id: 'lint/inhibit-any-policy-not-critical',
    extension: 'inhibitAnyPolicy',
    must: 'critical',
    standard: `${RFC}4.2.1.14`,
    source: 'RFC',
    since: '2002-04-01',
    zlint: 'e_inhibit_any_policy_not_critical',
  },
  {
    id: 'lint/tls-policies-critical',
    extension: 'certificatePolicies',
    must: 'not critical',
    severity: 'warning',
    standard: `${TLS}7.1.2.7.9`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'w_sub_cert_certificate_policies_marked_critical',
  },
  {
    id: 'lint/subordinate-policies-critical',
    extension: 'certificatePolicies',
    must: 'not critical',
    severity: 'warning',
    standard: `${TLS}7.1.2.10.5`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'w_sub_ca_certificate_policies_marked_critical',
    whose: SUBORDINATE,
  },
  {
    id: 'lint/extended-key-usage-critical',
    extension: 'extKeyUsage',
    must: 'not critical',
    standard: `${TLS}7.1.2.7.6`,
    source: 'CA/B TLS BR',
    since: '2023-09-15',
    zlint: 'e_eku_critical',
    whose: SUBSCRIBER,
  },
  {
    id: 'lint/subordinate-extended-key-usage-critical',
    extension: 'extKeyUsage',
    must: 'not critical',
    severity: 'warning',
    standard: `${TLS}7.1.2.10.6`,
    source: 'CA/B TLS BR',
    since: '2013-07-29',
    zlint: 'w_sub_ca_eku_critical',
    whose: SUBORDINATE,
  },
];

function ruleOf({
  id,
  extension,
  must,
  severity = 'error',
  standard,
  source,
  since,
  zlint,
  whose,
}: Row): LintRule {
  const isWanted = must === 'critical';
  const holder = whose === undefined ? '' : ` ${whose[0]}`;
  return {
    meta: {
      id,
      severity,
      title: `The extension ${extension}${holder} is ${isWanted ? 'not critical' : 'critical'}`,
      why: isWanted
        ? 'Who does not know an extension passes over it unless it is critical, and then accepts what this one was to forbid.'
        : 'Who does not know a critical extension must refuse the certificate; this one helps, and forbids nothing.',
      remedy: `Issue it again with ${extension} marked as ${must}.`,
      standard,
      source,
      ...(since === undefined ? {} : { since }),
      zlint: [zlint],
    },
    applies: (certificate) =>
      certificate.extension(extension) !== undefined && (whose === undefined || whose[1](certificate)),
    check: (certificate) =>
      certificate.extension(extension)?.critical !== isWanted &&
      `the extension ${extension} is ${isWanted ? 'not critical' : 'critical'}`,
  };
}

const KNOWN = new Set(EXTENSIONS.values());

/** What is critical and known to nobody makes the certificate useless. */
const unknownCritical: LintRule = {
  meta: {
    id: 'lint/unknown-critical-extension',
    severity: 'warning',
    title: 'A critical extension is known to no standard that is read here',
    why: 'Whoever validates a certificate must refuse it where a critical extension is not known.',
    remedy: 'Mark the extension as not critical, unless all who validate the certificate know it.',
    standard: 'RFC 5280, 4.2',
    source: 'RFC',
    zlint: [],
  },
  applies: ({ extensions }) => extensions.length > 0,
  check({ extensions }) {
    const found = extensions.find(
      ({ critical, name }) => critical && (name === undefined || !KNOWN.has(name)),
    );
    return found && `the critical extension ${found.oid} is not known here`;
  },
};

export const rules: readonly LintRule[] = [...ROWS.map(ruleOf), unknownCritical];
