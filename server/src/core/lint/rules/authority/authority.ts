/** What an authority has to be: RFC 5280 for all of them, the CA/Browser Forum for those of browsers. */

import type { CertificateView } from '../../certificateView.ts';
import type { LintRule } from '../../lintRule.ts';
import { extensionsMissing } from '../../missing.ts';
import { valuesOf } from '../../view/distinguishedName.ts';

const isAuthority = ({ isAuthority }: CertificateView) => isAuthority;
const isSubordinate = ({ isAuthority, isSelfSigned }: CertificateView) => isAuthority && !isSelfSigned;
const isRoot = ({ isAuthority, isSelfSigned }: CertificateView) => isAuthority && isSelfSigned;
const hasKeyUsage = ({ isAuthority, keyUsage }: CertificateView) => isAuthority && keyUsage !== undefined;

const AGAIN = 'Issue the authority again with it.';
const WITHOUT = 'Issue the authority again without it.';
const NAME_WHY = 'Who trusts an authority has to see whose it is and by which law that one was found.';

const missing = extensionsMissing([
  {
    id: 'lint/authority-without-subject-key-id',
    extension: 'subjectKeyIdentifier',
    whose: 'an authority',
    applies: isAuthority,
    why: 'Paths are found by key identifiers: without one, whoever has two authorities of one name tries both.',
    standard: 'RFC 5280, 4.2.1.2',
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'e_ext_subject_key_identifier_missing_ca',
  },
  {
    id: 'lint/authority-without-key-usage',
    extension: 'keyUsage',
    whose: 'an authority',
    applies: isAuthority,
    why: 'Without it the key is for anything, which nobody who runs an authority wants.',
    standard: 'CA/Browser Forum TLS BR, 7.1.2.1.2 and 7.1.2.10.7; RFC 5280, 4.2.1.3',
    source: 'CA/B TLS BR',
    since: '2002-04-01',
    zlint: 'e_ca_key_usage_missing',
    isThere: ({ keyUsage }) => keyUsage !== undefined && keyUsage.set.size > 0,
  },
  {
    id: 'lint/root-without-key-usage',
    extension: 'keyUsage',
    whose: 'a root',
    applies: isRoot,
    why: 'Without it the key is for anything, which nobody who runs a root wants.',
    standard: 'CA/Browser Forum TLS BR, 7.1.2.1.2',
    source: 'CA/B TLS BR',
    since: '1999-01-01',
    zlint: 'e_root_ca_key_usage_present',
  },
  {
    id: 'lint/subordinate-without-info-access',
    extension: 'authorityInfoAccess',
    whose: 'a subordinate authority',
    applies: isSubordinate,
    severity: 'warning',
    why: 'Clients that lack the certificate above find it by this address.',
    standard: 'CA/Browser Forum TLS BR, 7.1.2.10.3',
    source: 'CA/B TLS BR',
    since: '2020-08-20',
    zlint: 'w_sub_ca_aia_missing',
  },
  {
    id: 'lint/subordinate-without-info-access-before-2020',
    extension: 'authorityInfoAccess',
    whose: 'a subordinate authority',
    applies: isSubordinate,
    why: 'Clients that lack the certificate above find it by this address.',
    standard: 'CA/Browser Forum TLS BR before 1.7.1, 7.1.2.2',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    until: '2020-08-20',
    zlint: 'e_sub_ca_aia_missing',
  },
  {
    id: 'lint/subordinate-without-policies',
    extension: 'certificatePolicies',
    whose: 'a subordinate authority',
    applies: isSubordinate,
    why: 'Policies below count only where the authority has them, too.',
    standard: 'CA/Browser Forum TLS BR, 7.1.2.10.5',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'e_sub_ca_certificate_policies_missing',
  },
  {
    id: 'lint/subordinate-without-crl',
    extension: 'cRLDistributionPoints',
    whose: 'a subordinate authority',
    applies: isSubordinate,
    why: 'Nobody learns that the authority itself was revoked.',
    standard: 'CA/Browser Forum TLS BR, 7.1.2.10.6',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'e_sub_ca_crl_distribution_points_missing',
  },
  {
    id: 'lint/subordinate-without-extended-key-usage',
    extension: 'extKeyUsage',
    whose: 'a subordinate authority',
    applies: isSubordinate,
    severity: 'info',
    why: 'What is not limited may issue for servers, mail and code alike.',
    standard: 'CA/Browser Forum TLS BR, 7.1.2.10.6',
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'n_sub_ca_eku_missing',
  },
]);

export const rules: readonly LintRule[] = [
  ...missing,
  {
    meta: {
      id: 'lint/authority-may-not-sign-crls',
      severity: 'error',
      title: 'The key usage of an authority has no cRLSign',
      why: 'Readers refuse a revocation list that it signs: a revocation would not be seen.',
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.7',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_ca_crl_sign_not_set'],
    },
    applies: hasKeyUsage,
    check: ({ keyUsage }) => keyUsage?.set.has('cRLSign') === false && 'the key usage has no cRLSign',
  },
  {
    meta: {
      id: 'lint/authority-may-not-sign-certificates',
      severity: 'error',
      title: 'The key usage of an authority has no keyCertSign',
      why: 'Whatever it issues is refused.',
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.7',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_ca_key_cert_sign_not_set'],
    },
    applies: hasKeyUsage,
    check: ({ keyUsage }) => keyUsage?.set.has('keyCertSign') === false && 'the key usage has no keyCertSign',
  },
  {
    meta: {
      id: 'lint/authority-may-not-sign-ocsp',
      severity: 'info',
      title: 'The key usage of an authority has no digitalSignature',
      why: 'OCSP answers that it signs itself are refused; a responder with a certificate of its own is needed.',
      remedy: 'Add it, or have a responder of its own sign OCSP answers.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.7',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['n_ca_digital_signature_not_set'],
    },
    applies: hasKeyUsage,
    check: ({ keyUsage }) =>
      keyUsage?.set.has('digitalSignature') === false && 'the key usage has no digitalSignature',
  },
  {
    meta: {
      id: 'lint/cert-sign-and-no-authority',
      severity: 'error',
      title: 'A certificate that may sign certificates says that it is no authority',
      why: 'Whatever it issues is refused, and some readers take it for an authority all the same.',
      remedy: 'Issue it again as an authority, or without keyCertSign.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.1.4 and 7.1.2.10.4',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_ca_is_ca'],
    },
    applies: ({ keyUsage, basicConstraints }) =>
      keyUsage?.set.has('keyCertSign') === true && basicConstraints !== undefined,
    check: ({ basicConstraints }) =>
      basicConstraints?.isAuthority === false && 'it may sign certificates, and says that it is no authority',
  },
  {
    meta: {
      id: 'lint/authority-without-common-name',
      severity: 'error',
      title: 'An authority has no common name',
      why: NAME_WHY,
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.2',
      source: 'CA/B TLS BR',
      since: '2017-06-08',
      zlint: ['e_ca_common_name_missing'],
    },
    applies: isAuthority,
    check: ({ subject }) => isAbsent(valuesOf(subject, 'CN')) && 'the authority has no common name',
  },
  {
    meta: {
      id: 'lint/authority-without-country',
      severity: 'error',
      title: 'An authority has no country',
      why: NAME_WHY,
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.2',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_ca_country_name_missing'],
    },
    applies: isAuthority,
    check: ({ subject }) => isAbsent(valuesOf(subject, 'C')) && 'the authority has no country',
  },
  {
    meta: {
      id: 'lint/authority-without-organization',
      severity: 'error',
      title: 'An authority has no organization',
      why: NAME_WHY,
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.2',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_ca_organization_name_missing'],
    },
    applies: isAuthority,
    check: ({ subject }) => isAbsent(valuesOf(subject, 'O')) && 'the authority has no organization',
  },
  {
    meta: {
      id: 'lint/authority-with-organizational-unit',
      severity: 'error',
      title: 'An authority has an organizational unit',
      why: 'Nobody checks what stands there, and it was used to look like somebody else.',
      remedy: WITHOUT,
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.2',
      source: 'CA/B TLS BR',
      since: '2023-09-15',
      zlint: ['e_subj_orgunit_in_ca_cert'],
    },
    applies: isAuthority,
    check: ({ subject }) => valuesOf(subject, 'OU').length > 0 && 'the authority has an organizational unit',
  },
  {
    meta: {
      id: 'lint/root-with-path-length',
      severity: 'warning',
      title: 'A root limits the length of paths',
      why: 'Roots stay for decades, and what they will issue is not known yet; the limit belongs below.',
      remedy: WITHOUT,
      standard: 'CA/Browser Forum TLS BR, 7.1.2.1.4',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['w_root_ca_basic_constraints_path_len_constraint_field_present'],
    },
    applies: isRoot,
    check: ({ basicConstraints }) =>
      basicConstraints?.pathLength !== undefined && 'the root limits the length of paths',
  },
  {
    meta: {
      id: 'lint/root-with-policies',
      severity: 'warning',
      title: 'A root has policies',
      why: 'Whoever trusts a root decides for which policies; those of the root are not looked at.',
      remedy: WITHOUT,
      standard: 'CA/Browser Forum TLS BR, 7.1.2.1.2',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['w_root_ca_contains_cert_policy'],
    },
    applies: isRoot,
    check: (certificate) =>
      certificate.extension('certificatePolicies') !== undefined && 'the root has policies',
  },
  {
    meta: {
      id: 'lint/root-with-extended-key-usage',
      severity: 'error',
      title: 'A root has an extended key usage',
      why: 'Whoever trusts a root decides for what; some readers apply this to everything below, others do not.',
      remedy: WITHOUT,
      standard: 'CA/Browser Forum TLS BR, 7.1.2.1.2',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_root_ca_extended_key_usage_present'],
    },
    applies: isRoot,
    check: (certificate) =>
      certificate.extension('extKeyUsage') !== undefined && 'the root has an extended key usage',
  },
];

/** As readers see it: an empty value is none. */
function isAbsent([first]: readonly string[]): boolean {
  return first === undefined || first === '';
}
