/** Certificates for signing code that the public is to trust (CA/Browser Forum CSBR). */
import type { CertificateView } from '../../certificateView.ts';
import { isCountryCode } from '../../countries.ts';
import { uriParts } from '../../hostNames.ts';
import { crlUrls, ISSUERS, OCSP, urls } from '../../pointers.ts';
import { hasPolicy, hasUsage, POLICY, USAGE } from '../../purpose.ts';
import { type Row, rulesOf } from '../../rows.ts';
import { valuesOf } from '../../view/distinguishedName.ts';
import { monthsAfter } from '../validity/longestValidity.ts';

const BR = 'CA/Browser Forum CSBR, ';
const SINCE = '2019-08-13';
const DAY = 24 * 60 * 60 * 1000;
const isSubscriber = ({ isSubscriber }: CertificateView) => isSubscriber;
const isSubordinate = ({ isAuthority, isSelfSigned }: CertificateView) => isAuthority && !isSelfSigned;
const isEither = (certificate: CertificateView) => isSubscriber(certificate) || isSubordinate(certificate);
const isPlain = (certificate: CertificateView) =>
  isSubscriber(certificate) && !hasPolicy(certificate, POLICY.codeSigningExtended);
const CURVES: ReadonlySet<string | undefined> = new Set(['P256', 'P384', 'P521']);
const SIGNATURES = new Set([
  '1.2.840.113549.1.1.10',
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '2.16.840.1.101.3.4.3.2',
]);
const POINTER_WHY =
  'Signed code is checked for years: whoever checks it has to find the authority, and whether it was revoked.';
const NAME_WHY = 'People decide by the name whether to run the code.';

const ROWS: readonly Row[] = [
  {
    id: 'lint/code-issuer-address',
    title: 'A certificate for code has no http: address of the authority’s certificate',
    why: POINTER_WHY,
    standard: `${BR}7.1.2.3`,
    zlint: ['e_cs_aia_missing_ca_issuers_http_url'],
    applies: isEither,
    check: (certificate) =>
      (urls(certificate, ISSUERS).length === 0 ||
        urls(certificate, ISSUERS).some((url) => uriParts(url)?.scheme !== 'http')) &&
      'it has no http: address of the authority’s certificate, or another one',
  },
  {
    id: 'lint/code-ocsp-address',
    title: 'An OCSP responder of a certificate for code is not asked by http:',
    why: POINTER_WHY,
    standard: `${BR}7.1.2.3`,
    zlint: ['e_cs_aia_ocsp_not_http'],
    applies: (certificate) => isEither(certificate) && urls(certificate, OCSP).length > 0,
    check: (certificate) =>
      urls(certificate, OCSP).some((url) => uriParts(url)?.scheme !== 'http') &&
      'the address of a responder is not http:',
  },
  {
    id: 'lint/code-info-access',
    title: 'A certificate for code has no access to the authority’s information, or it is critical',
    why: POINTER_WHY,
    standard: `${BR}7.1.2.3`,
    zlint: ['e_cs_authority_information_access'],
    applies: isEither,
    check(certificate) {
      const access = certificate.extension('authorityInfoAccess');
      if (access === undefined) return 'authorityInfoAccess is missing';
      return access.critical && 'authorityInfoAccess is critical';
    },
  },
  {
    id: 'lint/code-crl',
    title: 'A certificate for code has no http: distribution point that is not critical',
    why: POINTER_WHY,
    standard: `${BR}7.1.2.3`,
    zlint: ['e_cs_crl_distribution_points'],
    applies: isEither,
    check(certificate) {
      const points = certificate.extension('cRLDistributionPoints');
      if (points === undefined) return 'cRLDistributionPoints is missing';
      if (points.critical) return 'cRLDistributionPoints is critical';
      return (
        crlUrls(certificate).some((url) => !url.startsWith('http://')) && 'a distribution point is not http:'
      );
    },
  },
  {
    id: 'lint/code-extended-key-usage',
    title: 'The extended key usage of a certificate for code is not that of code',
    why: 'Who signs code with a certificate that is for servers, too, makes the key of a server that of a publisher.',
    standard: `${BR}7.1.2.3`,
    zlint: ['e_cs_eku_required'],
    applies: isEither,
    check(certificate) {
      const forbidden = [
        USAGE.any,
        USAGE.serverAuth,
        ...(isSubordinate(certificate) ? [USAGE.emailProtection] : []),
      ];
      if (forbidden.some((usage) => hasUsage(certificate, usage)))
        return 'the extended key usage has one that code must not have';
      return !hasUsage(certificate, USAGE.codeSigning) && 'the extended key usage has no codeSigning';
    },
  },
  {
    id: 'lint/code-key-usage',
    title: 'The key usage of a certificate for code is not digitalSignature alone, or not critical',
    why: 'The key signs code and nothing else.',
    standard: `${BR}7.1.2.3`,
    zlint: ['e_cs_key_usage_required'],
    applies: isSubscriber,
    check(certificate) {
      const { keyUsage } = certificate;
      if (keyUsage === undefined) return 'it has no key usage';
      if (certificate.extension('keyUsage')?.critical === false) return 'the key usage is not critical';
      if (!keyUsage.set.has('digitalSignature')) return 'the key usage has no digitalSignature';
      return keyUsage.set.size > 1 && 'the key usage has more than digitalSignature';
    },
  },
  {
    id: 'lint/code-curve',
    title: 'A key for code is on another curve than P-256, P-384 and P-521',
    why: 'Systems that check code know these curves alone.',
    standard: `${BR}6.1.5.2`,
    zlint: ['e_cs_ecdsa_prohibited_curve'],
    applies: ({ key }) => key?.kind === 'EC',
    check: ({ key }) =>
      !CURVES.has(key?.curve?.name) && `the key is on ${key?.curve?.name ?? 'a curve that has no name'}`,
  },
  {
    id: 'lint/code-rsa-too-short',
    title: 'An RSA key for code has less than 3072 bits',
    why: 'Signed code is checked for many years.',
    standard: `${BR}6.1.5.2`,
    zlint: ['e_cs_rsa_key_size'],
    applies: (certificate) => isSubscriber(certificate) && certificate.key?.rsa !== undefined,
    check: ({ key }) =>
      (key?.rsa?.bits ?? 0) < 3072 && `the key has ${key?.rsa?.bits} bits, and 3072 are the least`,
  },
  {
    id: 'lint/code-signature',
    title: 'A certificate for code is signed over less than SHA-256',
    why: 'A certificate that is forged makes code of anybody that of the publisher.',
    standard: `${BR}7.1.3.2`,
    zlint: ['e_cs_signature_algorithm_not_supported'],
    applies: ({ signatureAlgorithm }) => signatureAlgorithm !== undefined,
    check: ({ signatureAlgorithm }) =>
      !SIGNATURES.has(signatureAlgorithm?.oid ?? '') && `it is signed with ${signatureAlgorithm?.oid}`,
  },
  {
    id: 'lint/code-domain-component',
    title: 'The subject of a certificate for code has a domain component',
    why: NAME_WHY,
    standard: `${BR}7.1.4.2.3`,
    zlint: ['e_cs_subject_prohibited'],
    applies: isSubscriber,
    check: ({ subject }) => valuesOf(subject, 'DC').length > 0 && 'the subject has a domain component',
  },
  {
    id: 'lint/code-country',
    title: 'The subject of a certificate for code has no country of ISO 3166-1',
    why: NAME_WHY,
    standard: `${BR}7.1.4.2.3`,
    zlint: ['e_cs_subject_country_name'],
    applies: isPlain,
    check: ({ subject }) =>
      !isCountryCode(valuesOf(subject, 'C')[0] ?? '') && 'the subject has no country of ISO 3166-1',
  },
  {
    id: 'lint/code-place',
    title: 'The subject of a certificate for code has neither locality nor state',
    why: NAME_WHY,
    standard: `${BR}7.1.4.2.3`,
    zlint: ['e_cs_subject_locality_or_province_required'],
    applies: isPlain,
    check: ({ subject }) =>
      valuesOf(subject, 'L').length === 0 &&
      valuesOf(subject, 'ST').length === 0 &&
      'the subject has neither locality nor state',
  },
  {
    id: 'lint/code-organization',
    title: 'The subject of a certificate for code names no organization',
    why: NAME_WHY,
    standard: `${BR}7.1.4.2.3 and 7.1.4.2.4`,
    zlint: ['e_cs_requires_org'],
    applies: isSubscriber,
    check: ({ subject }) => valuesOf(subject, 'O').length === 0 && 'the subject names no organization',
  },
  {
    id: 'lint/code-over-39-months',
    title: 'A certificate for code holds longer than 39 months',
    why: 'The longer it holds, the longer a stolen key signs.',
    standard: `${BR}6.3.2`,
    until: '2026-03-01',
    zlint: ['e_cs_max_validity_period_39_months'],
    applies: isSubscriber,
    check: ({ notBefore, notAfter }) =>
      notBefore?.at !== undefined &&
      notAfter?.at !== undefined &&
      notAfter.at > monthsAfter(notBefore.at, 39) &&
      'it holds longer than 39 months',
  },
  {
    id: 'lint/code-over-460-days',
    title: 'A certificate for code holds longer than 460 days',
    why: 'The longer it holds, the longer a stolen key signs.',
    standard: `${BR}6.3.2 (ballot CSC-31)`,
    since: '2026-03-01',
    zlint: ['e_cs_max_validity_period_460_days'],
    applies: isSubscriber,
    check: ({ notBefore, notAfter }) =>
      notBefore?.at !== undefined &&
      notAfter?.at !== undefined &&
      notAfter.at > notBefore.at + 460 * DAY &&
      'it holds longer than 460 days',
  },
];

export const rules = rulesOf(
  { source: 'CA/B CSBR', remedy: 'Have it issued again as the requirements for signing code want it.' },
  ROWS.map((row) => ({ since: SINCE, ...row })),
);
