/** The common name, addresses and reverse zones in certificates for browsers. */
import { parseIpAddress } from '../../../credential/build/ipAddress.ts';
import { addressText } from '../../../credential/generalName.ts';
import { isReserved } from '../../addresses.ts';
import type { CertificateView } from '../../certificateView.ts';
import { isExtendedValidated } from '../../extendedValidation.ts';
import { rulesOf } from '../../rows.ts';
import { valuesOf } from '../../view/distinguishedName.ts';

const BR = 'CA/Browser Forum TLS BR, ';
const END_OF_RESERVED = Date.UTC(2015, 10, 1);
const END_OF_EV_ONION = Date.UTC(2020, 2, 27);
const INTERNAL = 'Such an address is in every internal network: the certificate holds in all of them.';

const commonNames = ({ subject }: CertificateView) => valuesOf(subject, 'CN');
const addresses = ({ subjectAltName = [] }: CertificateView) =>
  subjectAltName.flatMap(({ form, octets }) => (form === 'ip' ? [octets] : []));
const addressTexts = (certificate: CertificateView) => addresses(certificate).map(addressText);
const allNames = (certificate: CertificateView) => [
  ...certificate.dnsNames,
  ...commonNames(certificate).slice(-1),
];
const isOnion = (certificate: CertificateView) =>
  allNames(certificate).some((name) => name.endsWith('.onion'));

const REVERSE = /^(.*)\.(in-addr|ip6)\.arpa$/i;
const inReverseZone = (certificate: CertificateView) =>
  allNames(certificate).some((name) => /\.(?:in-addr|ip6)\.arpa$/i.test(name));

/** The address that a name of a reverse zone is of (RFC 3596, 2.5); `labels`: as many as it should have. */
function reversed(
  name: string,
): { readonly labels: boolean; readonly octets: Uint8Array | undefined } | undefined {
  const [, front = '', zone = ''] = REVERSE.exec(name) ?? [];
  if (zone === '') return undefined;
  const labels = front.split('.').reverse();
  if (zone.toLowerCase() === 'in-addr') {
    return labels.length === 4
      ? { labels: true, octets: parseIpAddress(labels.join('.')) }
      : { labels: false, octets: undefined };
  }
  if (labels.length !== 32) return { labels: false, octets: undefined };
  const groups = Array.from({ length: 8 }, (_, at) => labels.slice(at * 4, at * 4 + 4).join(''));
  return { labels: true, octets: parseIpAddress(groups.join(':')) };
}

export const rules = rulesOf(
  {
    source: 'CA/B TLS BR',
    remedy: 'Have it issued again with names that are checked: DNS names and public addresses.',
  },
  [
    {
      id: 'lint/common-name-not-in-names',
      title: 'A common name is none of the alternative names',
      why: 'Nobody checked it, and clients that still look at it would believe it.',
      standard: `${BR}7.1.4.3`,
      since: '2021-08-25',
      zlint: ['e_subject_common_name_not_exactly_from_san'],
      applies: (certificate) => !certificate.isAuthority && commonNames(certificate).length > 0,
      check(certificate) {
        const names = new Set([...certificate.dnsNames, ...addressTexts(certificate)]);
        return (
          commonNames(certificate).some((name) => !names.has(name)) &&
          'the common name is none of the alternative names'
        );
      },
    },
    {
      id: 'lint/common-name-not-in-names-before-2021',
      title: 'A common name is none of the alternative names, whatever their case',
      why: 'Nobody checked it, and clients that still look at it would believe it.',
      standard: `${BR}7.1.4.2.2, before 1.8.0`,
      since: '2012-07-01',
      until: '2021-08-25',
      zlint: ['e_subject_common_name_not_from_san'],
      applies: (certificate) => !certificate.isAuthority && (commonNames(certificate).at(-1) ?? '') !== '',
      check(certificate) {
        const common = commonNames(certificate).at(-1) ?? '';
        const isThere =
          certificate.dnsNames.some((name) => name.toLowerCase() === common.toLowerCase()) ||
          addressTexts(certificate).includes(common);
        return !isThere && 'the common name is none of the alternative names';
      },
    },
    {
      id: 'lint/common-name-included',
      severity: 'info',
      title: 'A certificate for browsers has a common name',
      why: 'Clients no longer look at it; it repeats one of the alternative names.',
      standard: `${BR}7.1.2.7.1`,
      since: '2023-09-15',
      zlint: ['w_subject_common_name_included'],
      applies: ({ isSubscriber }) => isSubscriber,
      check: (certificate) =>
        (commonNames(certificate).at(-1) ?? '') !== '' && 'it has a common name, which is not advised',
    },
    {
      id: 'lint/common-name-deprecated',
      severity: 'info',
      title: 'A certificate for browsers from before 2023-09-15 has a common name',
      why: 'It was deprecated then, and is not advised since.',
      standard: `${BR}7.1.4.2.2, before 2.0.0`,
      since: '2012-07-01',
      until: '2023-09-15',
      zlint: ['n_subject_common_name_included'],
      applies: ({ isAuthority }) => !isAuthority,
      check: (certificate) =>
        (commonNames(certificate).at(-1) ?? '') !== '' && 'it has a common name, which is deprecated',
    },
    {
      id: 'lint/reserved-address',
      title: 'An alternative name is an address that nobody can prove',
      why: INTERNAL,
      standard: `${BR}4.2.2 and 7.1.4.2.1`,
      since: '2012-07-01',
      zlint: ['e_ext_san_contains_reserved_ip'],
      applies: ({ notAfter }) => (notAfter?.at ?? 0) > END_OF_RESERVED,
      check(certificate) {
        const found = addresses(certificate).find(
          (octets) => (octets.length === 4 || octets.length === 16) && isReserved(octets),
        );
        return found && `${addressText(found)} is in a network that IANA set aside`;
      },
    },
    {
      id: 'lint/reserved-address-common-name',
      title: 'A common name is an address that nobody can prove',
      why: INTERNAL,
      standard: `${BR}4.2.2 and 7.1.4.2.1`,
      since: '2012-07-01',
      zlint: ['e_subject_contains_reserved_ip'],
      applies: ({ notAfter }) => (notAfter?.at ?? 0) > END_OF_RESERVED,
      check(certificate) {
        const octets = parseIpAddress(commonNames(certificate).at(-1) ?? '');
        return (
          octets !== undefined && isReserved(octets) && 'the common name is an address that IANA set aside'
        );
      },
    },
    {
      id: 'lint/reverse-zone-malformed',
      severity: 'warning',
      title: 'A name of a reverse zone is of no address',
      why: 'It is no name that the zone has.',
      standard: `${BR}3.2.2.6; RFC 3596, 2.5`,
      since: '2012-07-01',
      zlint: ['w_subject_contains_malformed_arpa_ip'],
      applies: inReverseZone,
      check: ({ dnsNames }) =>
        dnsNames.some((name) => {
          const found = reversed(name);
          return found !== undefined && (!found.labels || found.octets === undefined);
        }) && 'a name of a reverse zone is of no address',
    },
    {
      id: 'lint/reverse-zone-reserved',
      title: 'A name of a reverse zone is of an address that nobody can prove',
      why: INTERNAL,
      standard: `${BR}7.1.4.2.1`,
      since: '2012-07-01',
      zlint: ['e_subject_contains_reserved_arpa_ip'],
      applies: inReverseZone,
      check: ({ dnsNames }) =>
        dnsNames.some((name) => {
          const octets = reversed(name)?.octets;
          return octets !== undefined && isReserved(octets);
        }) && 'a name of a reverse zone is of an address that IANA set aside',
    },
    {
      id: 'lint/onion-malformed',
      title: 'An .onion name is none of a service',
      why: 'The name is made of the key of the service: one that is not is nobody’s.',
      standard: 'RFC 7686; CA/Browser Forum TLS BR, appendix B',
      since: '2015-05-01',
      zlint: ['e_san_dns_name_onion_invalid'],
      applies: isOnion,
      check(certificate) {
        const isExtended = isExtendedValidated(certificate);
        const bad = allNames(certificate).some((name) => {
          if (!name.endsWith('.onion')) return false;
          const label = name.split('.').at(-2) ?? '';
          const isService = label.length === 56 || (label.length === 16 && isExtended);
          return !isService || !/^[a-z2-7]+$/i.test(label);
        });
        return bad && 'an .onion name is none of a service';
      },
    },
    {
      id: 'lint/onion-without-extended-validation',
      title: 'An .onion name was certified without extended validation',
      why: 'Until 2020 such names had to be.',
      standard: 'CA/Browser Forum, ballot 144',
      since: '2015-05-01',
      zlint: ['e_san_dns_name_onion_not_ev_cert'],
      applies: (certificate) =>
        (certificate.notBefore?.at ?? 0) < END_OF_EV_ONION &&
        certificate.isSubscriber &&
        isOnion(certificate),
      check: (certificate) =>
        !isExtendedValidated(certificate) && 'an .onion name without extended validation',
    },
  ],
);
