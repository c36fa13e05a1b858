/** Where revocation lists, OCSP answers and the authority's certificate are to be found. */
import { parseIpAddress } from '../../../credential/build/ipAddress.ts';
import type { CertificateView } from '../../certificateView.ts';
import { domainOf } from '../../domains.ts';
import { uriParts } from '../../hostNames.ts';
import { crlUrls, ISSUERS, OCSP, urls } from '../../pointers.ts';
import { type Row, rulesOf } from '../../rows.ts';

const BR = 'CA/Browser Forum TLS BR, ';
const AGAIN = 'Have it issued again with http: addresses, as the standard wants them.';
const HTTP_WHY =
  'Clients fetch by http: alone. An https: address would need a certificate to be checked before it is fetched, and so on.';
const isSubordinate = ({ isAuthority, isSelfSigned }: CertificateView) => isAuthority && !isSelfSigned;
const hasCrl = (certificate: CertificateView) => certificate.extension('cRLDistributionPoints') !== undefined;
const hasAccess = (certificate: CertificateView) =>
  certificate.extension('authorityInfoAccess') !== undefined;
const isHttp = (url: string) => url.startsWith('http://');
const isHttpOrLdap = (url: string) => /^(?:http|ldap):\/\//i.test(url);
const notHttp = (url: string) => uriParts(url)?.scheme !== 'http';

const ROWS: readonly Row[] = [
  {
    id: 'lint/distribution-point-incomplete',
    title: 'A distribution point says for which reasons, and not where',
    why: 'Nobody finds the list.',
    standard: 'RFC 5280, 4.2.1.13',
    source: 'RFC',
    since: '2002-04-01',
    zlint: ['e_distribution_point_incomplete'],
    applies: hasCrl,
    check: ({ crlDistributionPoints = [] }) =>
      crlDistributionPoints.some(
        ({ names, hasRelativeName, hasReasons, hasIssuer }) =>
          hasReasons && !hasIssuer && !hasRelativeName && names === undefined,
      ) && 'a distribution point has reasons and no place',
  },
  {
    id: 'lint/distribution-point-without-address',
    severity: 'warning',
    title: 'No distribution point has an address of http: or ldap:',
    why: 'Most clients fetch by these alone, and then take the certificate as not revoked.',
    standard: 'RFC 5280, 4.2.1.13',
    source: 'RFC',
    since: '2008-05-01',
    zlint: ['w_distribution_point_missing_ldap_or_uri'],
    applies: hasCrl,
    check: (certificate) =>
      !crlUrls(certificate).some(isHttpOrLdap) && 'no distribution point has an address of http: or ldap:',
  },
  {
    id: 'lint/crl-without-http',
    title: 'No distribution point of a certificate for browsers has an address of http:',
    why: HTTP_WHY,
    standard: `${BR}7.1.2.11.2`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['e_sub_cert_crl_distribution_points_does_not_contain_url'],
    applies: hasCrl,
    check: (certificate) =>
      !crlUrls(certificate).some(isHttp) && 'no distribution point has an address of http:',
  },
  {
    id: 'lint/subordinate-crl-without-http',
    title: 'No distribution point of a subordinate authority has an address of http:',
    why: HTTP_WHY,
    standard: `${BR}7.1.2.11.2`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['e_sub_ca_crl_distribution_points_does_not_contain_url'],
    applies: (certificate) => isSubordinate(certificate) && hasCrl(certificate),
    check: (certificate) =>
      !crlUrls(certificate).some(isHttp) && 'no distribution point has an address of http:',
  },
  {
    id: 'lint/crl-not-http',
    title: 'A distribution point has another address than one of http:',
    why: HTTP_WHY,
    standard: `${BR}7.1.2.11.2`,
    source: 'CA/B TLS BR',
    since: '2023-09-15',
    zlint: ['e_crl_distrib_points_not_http'],
    applies: (certificate) => crlUrls(certificate).length > 0,
    check: (certificate) =>
      crlUrls(certificate).some((url) => !url.startsWith('http:')) &&
      'a distribution point has an address that is not http:',
  },
  {
    id: 'lint/crl-with-issuer-or-reasons',
    title: 'A distribution point names an issuer or reasons',
    why: 'Browsers read complete lists of the authority itself alone.',
    standard: `${BR}7.1.2.11.2`,
    source: 'CA/B TLS BR',
    since: '2023-09-15',
    zlint: ['e_crlissuer_must_not_be_present_in_cdp'],
    applies: (certificate) => crlUrls(certificate).length > 0,
    check: ({ crlDistributionPoints = [] }) =>
      crlDistributionPoints.some(({ hasIssuer, hasReasons }) => hasIssuer || hasReasons) &&
      'a distribution point names an issuer or reasons',
  },
  {
    id: 'lint/issuer-address-not-fetchable',
    severity: 'warning',
    title: 'No address of the authority’s certificate is http: or ldap:',
    why: 'Most clients fetch by these alone; without the certificate they find no path.',
    standard: 'RFC 5280, 4.2.2.1',
    source: 'RFC',
    since: '2008-05-01',
    zlint: ['w_ext_aia_access_location_missing'],
    applies: (certificate) => urls(certificate, ISSUERS).length > 0,
    check: (certificate) =>
      !urls(certificate, ISSUERS).some(isHttpOrLdap) &&
      'no address of the authority’s certificate is http: or ldap:',
  },
  {
    id: 'lint/issuer-address-not-http',
    title: 'An address of the authority’s certificate is not http:',
    why: HTTP_WHY,
    standard: `${BR}7.1.2.7.7`,
    source: 'CA/B TLS BR',
    since: '2023-09-15',
    zlint: ['e_aia_ca_issuers_must_have_http_only'],
    applies: (certificate) => certificate.isSubscriber && urls(certificate, ISSUERS).length > 0,
    check: (certificate) =>
      urls(certificate, ISSUERS).some(notHttp) && 'an address of the authority’s certificate is not http:',
  },
  {
    id: 'lint/ocsp-address-not-http',
    title: 'An address of an OCSP responder is not http:',
    why: HTTP_WHY,
    standard: `${BR}7.1.2.7.7`,
    source: 'CA/B TLS BR',
    since: '2023-09-15',
    zlint: ['e_aia_ocsp_must_have_http_only'],
    applies: (certificate) => certificate.isSubscriber && urls(certificate, OCSP).length > 0,
    check: (certificate) =>
      urls(certificate, OCSP).some(notHttp) && 'an address of an OCSP responder is not http:',
  },
  {
    id: 'lint/subordinate-address-not-http',
    title: 'An address in an authority’s certificate is not http:',
    why: HTTP_WHY,
    standard: `${BR}7.1.2.10.3`,
    source: 'CA/B TLS BR',
    since: '2023-09-15',
    zlint: ['e_ca_aia_non_http_url'],
    applies: (certificate) =>
      isSubordinate(certificate) && urls(certificate, ISSUERS).length + urls(certificate, OCSP).length > 0,
    check: (certificate) =>
      [...urls(certificate, ISSUERS), ...urls(certificate, OCSP)].some((url) => !/^http:\/\//i.test(url)) &&
      'an address is not http:',
  },
  {
    id: 'lint/access-method-not-allowed',
    title: 'The access to the authority has another method or form than OCSP and issuers by URI',
    why: 'Clients know these two alone; others may be read as one of them.',
    standard: `${BR}7.1.2.7.7`,
    source: 'CA/B TLS BR',
    since: '2023-09-15',
    zlint: ['e_aia_must_contain_permitted_access_method'],
    applies: (certificate) => certificate.isSubscriber && hasAccess(certificate),
    check: ({ authorityInfoAccess = [] }) =>
      authorityInfoAccess.some(
        ({ method, location }) => location.form !== 'uri' || (method !== OCSP && method !== ISSUERS),
      ) && 'an access description is neither OCSP nor issuers, or no URI',
  },
  {
    id: 'lint/access-location-twice',
    title: 'An address stands in the access to the authority twice',
    why: 'A client that fails on the first asks the same again.',
    standard: `${BR}7.1.2.7.7`,
    source: 'CA/B TLS BR',
    since: '2023-09-15',
    zlint: ['e_aia_unique_access_locations'],
    applies: (certificate) =>
      certificate.isSubscriber && urls(certificate, ISSUERS).length + urls(certificate, OCSP).length > 0,
    check: (certificate) =>
      [OCSP, ISSUERS].some((method) => {
        const lower = urls(certificate, method).map((url) => url.toLowerCase());
        return new Set(lower).size < lower.length;
      }) && 'an address stands there twice',
  },
  {
    id: 'lint/subscriber-without-issuer-address',
    severity: 'warning',
    title: 'A certificate for browsers says not where the authority’s certificate is',
    why: 'A server that forgets to send it is then not reached.',
    standard: `${BR}7.1.2.7.7`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['w_sub_cert_aia_does_not_contain_issuing_ca_url'],
    applies: ({ isSubscriber }) => isSubscriber,
    check: (certificate) =>
      !urls(certificate, ISSUERS).some(isHttp) && 'it has no http: address of the authority’s certificate',
  },
  {
    id: 'lint/subordinate-without-issuer-address',
    severity: 'warning',
    title: 'A subordinate authority says not where the certificate above it is',
    why: 'A server that forgets to send it is then not reached.',
    standard: `${BR}7.1.2.2, before 2.0.0`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    until: '2023-09-15',
    zlint: ['w_sub_ca_aia_does_not_contain_issuing_ca_url'],
    applies: isSubordinate,
    check: (certificate) =>
      !urls(certificate, ISSUERS).some(isHttp) && 'it has no http: address of the certificate above it',
  },
  {
    id: 'lint/subscriber-without-ocsp-address',
    title: 'A certificate for browsers says not where OCSP answers are',
    why: 'Until 2023 each had to have a responder.',
    standard: `${BR}7.1.2.3, before 2.0.0`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    until: '2023-09-15',
    zlint: ['e_sub_cert_aia_does_not_contain_ocsp_url'],
    applies: ({ isAuthority }) => !isAuthority,
    check: (certificate) =>
      !urls(certificate, OCSP).some(isHttp) && 'it has no http: address of an OCSP responder',
  },
  {
    id: 'lint/access-in-internal-network',
    severity: 'warning',
    title: 'An address in a certificate for browsers is in an internal network',
    why: 'Nobody outside of it reaches the host.',
    standard: `${BR}7.1.2.7.7`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: ['w_sub_cert_aia_contains_internal_names'],
    applies: (certificate) => certificate.isSubscriber && hasAccess(certificate),
    check(certificate) {
      const found = [...urls(certificate, OCSP), ...urls(certificate, ISSUERS)].some((url) => {
        const host = uriParts(url)?.host ?? '';
        return parseIpAddress(host) === undefined && !domainOf(host).isPublic;
      });
      return found && 'a host of its addresses is in no top-level domain that is delegated';
    },
  },
];

export const rules = rulesOf({ source: 'CA/B TLS BR', remedy: AGAIN }, ROWS);
