/** What the reserved policies of the CA/Browser Forum say was checked, against what the subject says. */
import type { CertificateView } from '../../certificateView.ts';
import { isExtendedValidated } from '../../extendedValidation.ts';
import { hasPolicy, POLICY } from '../../purpose.ts';
import { type Row, rulesOf } from '../../rows.ts';
import { valuesOf } from '../../view/distinguishedName.ts';

const BR = 'CA/Browser Forum TLS BR, ';
const has = ({ subject }: CertificateView, name: string) =>
  subject?.attributes.some((each) => each.name === name) === true;
const with_ = (policy: string) => (certificate: CertificateView) =>
  hasPolicy(certificate, policy) && !certificate.isAuthority;
const ofSubscriber = (policy: string) => (certificate: CertificateView) =>
  hasPolicy(certificate, policy) && certificate.isSubscriber;

const UNCHECKED =
  'The policy says that the domain alone was checked: whatever else stands there was checked by nobody.';
const NOT_SAID = 'The policy says that somebody was checked, and the subject does not say who or where.';

const CONFLICTS: readonly Row[] = (
  [
    ['locality', 'L', 'e_cab_dv_conflicts_with_locality'],
    ['organization', 'O', 'e_cab_dv_conflicts_with_org'],
    ['postal-code', 'postalCode', 'e_cab_dv_conflicts_with_postal'],
    ['state', 'ST', 'e_cab_dv_conflicts_with_province'],
    ['street', 'STREET', 'e_cab_dv_conflicts_with_street'],
  ] as const
).map(([what, attribute, zlint]) => ({
  id: `lint/domain-validated-with-${what}`,
  title: `A certificate of a validated domain has a ${what}`,
  why: UNCHECKED,
  standard: `${BR}7.1.6.4, before 2.0.0`,
  since: '2012-07-01',
  until: '2023-09-15',
  zlint: [zlint],
  applies: with_(POLICY.domainValidated),
  check: (certificate: CertificateView) =>
    has(certificate, attribute) && `the domain alone was validated, and the subject has a ${what}`,
}));

export const rules = rulesOf(
  { source: 'CA/B TLS BR', remedy: 'Have it issued again with the policy that fits the subject.' },
  [
    ...CONFLICTS,
    {
      id: 'lint/domain-validated-subject',
      title: 'A certificate of a validated domain has more than common name and country',
      why: UNCHECKED,
      standard: `${BR}7.1.2.7.2`,
      since: '2023-09-15',
      zlint: ['e_cab_dv_subject_invalid_values'],
      applies: ofSubscriber(POLICY.domainValidated),
      check({ subject }) {
        const other = subject?.attributes.find(({ name }) => name !== 'CN' && name !== 'C');
        return other && `the domain alone was validated, and the subject has ${other.name}`;
      },
    },
    {
      id: 'lint/individual-validated-without-name',
      title: 'A certificate of a validated person names none',
      why: NOT_SAID,
      standard: `${BR}7.1.6.4, before 2.0.0`,
      since: '2015-09-28',
      until: '2023-09-15',
      zlint: ['e_cab_iv_requires_personal_name'],
      applies: with_(POLICY.individualValidated),
      check: (certificate) =>
        !has(certificate, 'O') &&
        !(has(certificate, 'GN') && has(certificate, 'SN')) &&
        'a person was validated, and the subject names none',
    },
    {
      id: 'lint/individual-validated-without-both-names',
      title: 'A certificate of a validated person lacks given name or surname',
      why: NOT_SAID,
      standard: `${BR}7.1.2.7.3`,
      since: '2023-09-15',
      zlint: ['e_cab_iv_requires_personal_name_strict'],
      applies: with_(POLICY.individualValidated),
      check: (certificate) =>
        !(has(certificate, 'GN') && has(certificate, 'SN')) &&
        'a person was validated, and the subject lacks given name or surname',
    },
    {
      id: 'lint/individual-validated-without-country',
      title: 'A certificate of a validated person has no country',
      why: NOT_SAID,
      standard: `${BR}7.1.2.7.3`,
      since: '2015-09-28',
      zlint: ['e_cert_policy_iv_requires_country'],
      applies: with_(POLICY.individualValidated),
      check: (certificate) =>
        !has(certificate, 'C') && 'a person was validated, and the subject has no country',
    },
    {
      id: 'lint/individual-validated-without-place',
      title: 'A certificate of a validated person has neither locality nor state',
      why: NOT_SAID,
      standard: `${BR}7.1.2.7.3`,
      since: '2015-09-28',
      zlint: ['e_cert_policy_iv_requires_province_or_locality'],
      applies: ofSubscriber(POLICY.individualValidated),
      check: (certificate) =>
        !has(certificate, 'L') &&
        !has(certificate, 'ST') &&
        'a person was validated, and the subject has neither locality nor state',
    },
    {
      id: 'lint/organization-validated-without-name',
      title: 'A certificate of a validated organization names none',
      why: NOT_SAID,
      standard: `${BR}7.1.2.7.4`,
      since: '2012-07-01',
      zlint: ['e_cab_ov_requires_org'],
      applies: with_(POLICY.organizationValidated),
      check: (certificate) =>
        !has(certificate, 'O') && 'an organization was validated, and the subject names none',
    },
    {
      id: 'lint/organization-validated-without-country',
      title: 'A certificate of a validated organization has no country',
      why: NOT_SAID,
      standard: `${BR}7.1.2.7.4`,
      since: '2012-07-01',
      zlint: ['e_cert_policy_ov_requires_country'],
      applies: with_(POLICY.organizationValidated),
      check: (certificate) =>
        !has(certificate, 'C') && 'an organization was validated, and the subject has no country',
    },
    {
      id: 'lint/organization-validated-without-place',
      title: 'A certificate of a validated organization has neither locality nor state',
      why: NOT_SAID,
      standard: `${BR}7.1.2.7.4`,
      since: '2012-07-01',
      zlint: ['e_cert_policy_ov_requires_province_or_locality'],
      applies: ofSubscriber(POLICY.organizationValidated),
      check: (certificate) =>
        !has(certificate, 'L') &&
        !has(certificate, 'ST') &&
        'an organization was validated, and the subject has neither locality nor state',
    },
    {
      id: 'lint/extended-validated-without-organization',
      title: 'A certificate with extended validation names no organization',
      why: NOT_SAID,
      standard: 'CA/Browser Forum EV Guidelines, 9.2.1',
      source: 'CA/B EVG',
      since: '2012-07-01',
      zlint: ['e_ev_organization_name_missing'],
      applies: (certificate) => isExtendedValidated(certificate) && certificate.isSubscriber,
      check: ({ subject }) =>
        valuesOf(subject, 'O').length === 0 &&
        'extended validation is said, and the subject names no organization',
    },
    {
      id: 'lint/extended-validated-without-country',
      title: 'A certificate with extended validation has no country',
      why: NOT_SAID,
      standard: 'CA/Browser Forum EV Guidelines, 9.2.6',
      source: 'CA/B EVG',
      since: '2012-07-01',
      zlint: ['e_ev_country_name_missing'],
      applies: (certificate) => isExtendedValidated(certificate) && certificate.isSubscriber,
      check: ({ subject }) =>
        valuesOf(subject, 'C').length === 0 && 'extended validation is said, and the subject has no country',
    },
    {
      id: 'lint/extended-validated-without-category',
      title: 'A certificate with extended validation has no business category',
      why: NOT_SAID,
      standard: 'CA/Browser Forum EV Guidelines, 9.2.3',
      source: 'CA/B EVG',
      since: '2012-07-01',
      zlint: ['e_ev_business_category_missing'],
      applies: (certificate) => isExtendedValidated(certificate) && certificate.isSubscriber,
      check: (certificate) =>
        !has(certificate, 'businessCategory') &&
        'extended validation is said, and there is no business category',
    },
    {
      id: 'lint/extended-validated-without-serial',
      title: 'A certificate with extended validation has no registration number',
      why: NOT_SAID,
      standard: 'CA/Browser Forum EV Guidelines, 9.2.5',
      source: 'CA/B EVG',
      since: '2012-07-01',
      zlint: ['e_ev_serial_number_missing'],
      applies: (certificate) => isExtendedValidated(certificate) && certificate.isSubscriber,
      check: ({ subject }) =>
        valuesOf(subject, 'serialNumber').length === 0 &&
        'extended validation is said, and there is no registration number',
    },
    {
      id: 'lint/extended-validated-wildcard',
      title: 'A certificate with extended validation has a wildcard',
      why: 'Each host has to be checked by its name.',
      standard: 'CA/Browser Forum EV Guidelines, 9.2.2',
      source: 'CA/B EVG',
      since: '2012-07-01',
      zlint: ['e_ev_not_wildcard'],
      applies: (certificate) => isExtendedValidated(certificate) && certificate.isSubscriber,
      check: ({ dnsNames }) =>
        dnsNames.some((name) => name.includes('*') && !name.endsWith('.onion')) &&
        'extended validation is said, and a name has a wildcard',
    },
  ],
);
