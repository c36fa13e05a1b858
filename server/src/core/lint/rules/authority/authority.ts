/** What an authority has to be: RFC 5280 for all of them, the CA/Browser Forum for those of browsers. */

import type { CertificateView } from '../../certificateView.ts';
import type { LintRule } from '../../lintRule.ts';
import { extensionsMissing } from '../../missing.ts';
import { hasUsage, POLICY, RESERVED_TLS, USAGE } from '../../purpose.ts';
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
      id: 'lint/subordinate-with-other-usages',
      severity: 'error',
      title: 'An authority for servers may issue for mail, code or time stamps, too',
      why: 'Each purpose has its own checks; an authority for all of them breaks all of them at once.',
      remedy: 'Issue an authority for each purpose.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.6',
      source: 'CA/B TLS BR',
      since: '2020-08-20',
      zlint: ['e_ca_invalid_eku'],
    },
    applies: (certificate) => isSubordinate(certificate) && (certificate.extendedKeyUsage?.length ?? 0) > 0,
    check(certificate) {
      const { extendedKeyUsage = [] } = certificate;
      if (hasUsage(certificate, USAGE.any) && extendedKeyUsage.length > 1)
        return 'its extended key usage has any usage, and others';
      const others = [USAGE.emailProtection, USAGE.codeSigning, USAGE.timeStamping, USAGE.ocspSigning];
      return (
        others.some((usage) => hasUsage(certificate, usage)) &&
        'its extended key usage has mail, code, time stamps or OCSP'
      );
    },
  },
  {
    meta: {
      id: 'lint/subordinate-usage-not-tls',
      severity: 'info',
      title: 'The extended key usage of an authority has neither servers nor clients',
      why: 'Then it is not constrained for TLS in the sense of the requirements.',
      remedy: 'Issue the authority again with serverAuth, where it is for servers.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.6',
      source: 'CA/B TLS BR',
      since: '2013-07-29',
      zlint: ['n_sub_ca_eku_not_technically_constrained'],
    },
    applies: (certificate) => isSubordinate(certificate) && certificate.extendedKeyUsage !== undefined,
    check: (certificate) =>
      !hasUsage(certificate, USAGE.serverAuth) &&
      !hasUsage(certificate, USAGE.clientAuth) &&
      'its extended key usage has neither serverAuth nor clientAuth',
  },
  {
    meta: {
      id: 'lint/subordinate-usage-mixed',
      severity: 'info',
      title: 'An authority may issue for servers and for mail',
      why: 'Mozilla wants authorities that are for one of them alone.',
      remedy: 'Issue an authority for each purpose.',
      standard: 'Mozilla Root Store Policy, 5.3',
      source: 'Mozilla',
      since: '2019-01-01',
      zlint: ['n_mp_allowed_eku'],
    },
    applies: isSubordinate,
    check(certificate) {
      const { extendedKeyUsage = [] } = certificate;
      if (extendedKeyUsage.length === 0) return 'it has no extended key usage';
      if (hasUsage(certificate, USAGE.any)) return 'its extended key usage has any usage';
      return (
        hasUsage(certificate, USAGE.emailProtection) &&
        hasUsage(certificate, USAGE.serverAuth) &&
        'its extended key usage has both servers and mail'
      );
    },
  },
  {
    meta: {
      id: 'lint/subordinate-several-reserved-policies',
      severity: 'error',
      title: 'An authority has several of the reserved policies',
      why: 'One says what was checked of everything below it; several say nothing.',
      remedy: 'Issue an authority for each kind of validation.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.5, table 73',
      source: 'CA/B TLS BR',
      since: '2023-09-15',
      zlint: ['e_ca_multiple_reserved_policy_oids'],
    },
    applies: (certificate) =>
      isSubordinate(certificate) && !(certificate.policies ?? []).some(({ oid }) => oid === POLICY.any),
    check: ({ policies = [] }) =>
      policies.filter(({ oid }) => RESERVED_TLS.has(oid)).length > 1 &&
      'it has several of the reserved policies',
  },
  {
    meta: {
      id: 'lint/subordinate-policies-invalid',
      severity: 'error',
      title: 'The policies of an authority for servers are not what is prescribed',
      why: 'Without any policy or a reserved one, what it issues counts for no policy.',
      remedy: 'Issue the authority again with any policy alone, or with one of the reserved policies.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.10.5',
      source: 'CA/B TLS BR',
      since: '2023-09-15',
      zlint: ['e_invalid_ca_certificate_policies'],
    },
    applies: isSubordinate,
    check({ policies }) {
      if (policies === undefined) return 'it has no policies';
      const isAny = policies.some(({ oid }) => oid === POLICY.any);
      if (isAny) return policies.length > 1 && 'it has any policy, and others';
      return !policies.some(({ oid }) => RESERVED_TLS.has(oid)) && 'it has none of the reserved policies';
    },
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
