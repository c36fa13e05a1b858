/** Who a subject names, and where. */
import type { CertificateView } from '../../certificateView.ts';
import { type Row, rulesOf } from '../../rows.ts';
import { valuesOf } from '../../view/distinguishedName.ts';

const BR = 'CA/Browser Forum TLS BR, ';
const AGAIN = 'Have it issued again as the requirements want it.';
const isSubscriber = ({ isSubscriber }: CertificateView) => isSubscriber;
const hasPerson = ({ subject }: CertificateView) =>
  ['O', 'GN', 'SN'].some((name) => valuesOf(subject, name).length > 0);
const has = ({ subject }: CertificateView, name: string) => valuesOf(subject, name).length > 0;

/** Where somebody is named, the place is, too; where nobody is, it is not (CA/Browser Forum TLS BR, 7.1.4.2.2). */
export const rules = rulesOf({ source: 'CA/B TLS BR', remedy: AGAIN }, [
  ...(
    [
      ['country', 'e_sub_cert_country_name_must_appear', (each: CertificateView) => !has(each, 'C')],
      [
        'locality',
        'e_sub_cert_locality_name_must_appear',
        (each: CertificateView) => !has(each, 'L') && !has(each, 'ST'),
      ],
      [
        'state',
        'e_sub_cert_province_must_appear',
        (each: CertificateView) => !has(each, 'L') && !has(each, 'ST'),
      ],
    ] as const
  ).map(
    ([what, zlint, isMissing]): Row => ({
      id: `lint/subject-without-${what}`,
      title: `A subject names somebody and no ${what}`,
      why: 'A name without a place can be that of many.',
      standard: `${BR}7.1.4.2.2`,
      since: '2016-09-07',
      zlint: [zlint],
      applies: isSubscriber,
      check: (certificate) =>
        hasPerson(certificate) && isMissing(certificate) && `the subject names somebody and no ${what}`,
    }),
  ),
  ...(
    [
      ['locality', 'L', 'e_sub_cert_locality_name_must_not_appear'],
      ['state', 'ST', 'e_sub_cert_province_must_not_appear'],
      ['postal-code', 'postalCode', 'e_sub_cert_postal_code_must_not_appear'],
      ['street', 'STREET', 'e_sub_cert_street_address_should_not_exist'],
    ] as const
  ).map(
    ([what, attribute, zlint]): Row => ({
      id: `lint/subject-with-${what}-of-nobody`,
      title: `A subject has a ${what} and names nobody`,
      why: 'The place was not checked, since there is nobody that it could be of.',
      standard: `${BR}7.1.4.2.2`,
      since: '2016-09-07',
      zlint: [zlint],
      applies: isSubscriber,
      check: (certificate) =>
        !hasPerson(certificate) &&
        has(certificate, attribute) &&
        `the subject has a ${what} and names nobody`,
    }),
  ),
]);
