/** Authorities under a root, for servers: what they may issue for, and under which policies. */
import type { CertificateView } from '../../certificateView.ts';
import type { LintRule } from '../../lintRule.ts';
import { hasUsage, POLICY, RESERVED_TLS, USAGE } from '../../purpose.ts';

const isSubordinate = ({ isAuthority, isSelfSigned }: CertificateView) => isAuthority && !isSelfSigned;

export const rules: readonly LintRule[] = [
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
];
