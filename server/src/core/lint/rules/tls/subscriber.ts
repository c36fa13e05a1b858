/** What an end certificate for browsers has to have, and must not have (CA/Browser Forum TLS BR, 7.1.2.7). */
import type { CertificateView } from '../../certificateView.ts';
import type { LintRule } from '../../lintRule.ts';
import { extensionsMissing } from '../../missing.ts';
import { crlUrls, OCSP, urls } from '../../pointers.ts';
import { hasUsage, isServerCertificate, POLICY, USAGE } from '../../purpose.ts';
import { type Row, rulesOf } from '../../rows.ts';
import { valuesOf } from '../../view/distinguishedName.ts';

const BR = 'CA/Browser Forum TLS BR, ';
const notAuthority = ({ isAuthority }: CertificateView) => !isAuthority;
const isSubscriber = ({ isSubscriber }: CertificateView) => isSubscriber;
const DAY = 24 * 60 * 60 * 1000;
const AGAIN = 'Have it issued again as the requirements want it.';
const START_OF_SEVEN_DAYS = Date.UTC(2026, 2, 15);

const missing = extensionsMissing([
  {
    id: 'lint/alternative-names-missing',
    extension: 'subjectAltName',
    whose: 'a certificate for browsers',
    applies: notAuthority,
    why: 'Clients look at the alternative names alone (RFC 9525, 2): they find no name and refuse the connection.',
    standard: `${BR}7.1.2.7.12; RFC 9525, 2`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'e_ext_san_missing',
  },
  {
    id: 'lint/subscriber-without-info-access',
    extension: 'authorityInfoAccess',
    whose: 'a certificate for browsers',
    applies: notAuthority,
    why: 'Clients that lack the certificate of the authority find it by this address.',
    standard: `${BR}7.1.2.7.7`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'e_sub_cert_aia_missing',
  },
  {
    id: 'lint/subscriber-without-policies',
    extension: 'certificatePolicies',
    whose: 'a certificate for browsers',
    applies: notAuthority,
    why: 'The policy says what was checked before it was issued.',
    standard: `${BR}7.1.2.7.9`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'e_sub_cert_certificate_policies_missing',
  },
  {
    id: 'lint/subscriber-without-policy',
    extension: 'certificatePolicies',
    whose: 'a certificate for browsers, or says nothing,',
    applies: notAuthority,
    isThere: ({ policies }) => policies !== undefined && policies.length > 0,
    why: 'The policy says what was checked before it was issued.',
    standard: `${BR}7.1.2.7.9`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'e_sub_cert_cert_policy_empty',
  },
  {
    id: 'lint/subscriber-without-extended-key-usage',
    extension: 'extKeyUsage',
    whose: 'a certificate for browsers',
    applies: notAuthority,
    why: 'Without it the certificate is for anything, mail and code too.',
    standard: `${BR}7.1.2.7.10`,
    source: 'CA/B TLS BR',
    since: '2012-07-01',
    zlint: 'e_sub_cert_eku_missing',
  },
  {
    id: 'lint/subscriber-without-key-usage',
    extension: 'keyUsage',
    whose: 'a certificate for browsers',
    severity: 'warning',
    applies: isSubscriber,
    why: 'Without it the key is for anything.',
    standard: `${BR}7.1.2.7.6`,
    source: 'CA/B TLS BR',
    since: '2023-09-15',
    zlint: 'w_missing_key_usage',
  },
  {
    id: 'lint/subscriber-without-revocation',
    extension: 'cRLDistributionPoints',
    whose: 'a certificate that is not short-lived, and no OCSP responder is named',
    applies: (certificate) => certificate.isSubscriber && !isShortLived(certificate),
    isThere: (certificate) => crlUrls(certificate).length > 0 || urls(certificate, OCSP).length > 0,
    why: 'Nobody learns that it was revoked.',
    standard: `${BR}7.1.2.11.2 (ballot SC-063)`,
    source: 'CA/B TLS BR',
    since: '2024-03-15',
    zlint: 'e_missing_crl_distrib_point',
  },
  {
    id: 'lint/subject-key-id-missing',
    extension: 'subjectKeyIdentifier',
    whose: 'an end certificate',
    // Of those who follow RFC 5280 it should be there; the CA/Browser Forum advises against it since 2023.
    severity: 'info',
    applies: notAuthority,
    why: 'It names the key in a short form, by which certificates of one key are found.',
    standard: 'RFC 5280, 4.2.1.2',
    source: 'RFC',
    since: '1999-01-01',
    zlint: 'w_ext_subject_key_identifier_missing_sub_cert',
  },
]);

/** So short that nobody needs to revoke it (CA/Browser Forum TLS BR, 1.6.1). */
function isShortLived({ notBefore, notAfter }: CertificateView): boolean {
  if (notBefore?.at === undefined || notAfter?.at === undefined) return false;
  const longest = notBefore.at < START_OF_SEVEN_DAYS ? 10 : 7;
  return notAfter.at + 1000 - notBefore.at <= longest * DAY;
}

const has = ({ subject }: CertificateView, name: string) => valuesOf(subject, name).length > 0;

const withExtended = (certificate: CertificateView) =>
  certificate.isSubscriber && certificate.extendedKeyUsage !== undefined;

const ROWS: readonly Row[] = [
  {
    id: 'lint/subscriber-is-authority',
    title: 'A certificate that may not sign certificates says that it is an authority',
    why: 'Whoever has its key may issue for any name with readers that look at one extension alone.',
    standard: `${BR}7.1.2.7.8`,
    since: '2012-07-01',
    zlint: ['e_sub_cert_not_is_ca'],
    applies: ({ keyUsage, basicConstraints }) =>
      keyUsage?.set.has('keyCertSign') === false && basicConstraints !== undefined,
    check: ({ isAuthority }) =>
      isAuthority && 'it says that it is an authority, and may not sign certificates',
  },
  {
    id: 'lint/subscriber-signs-certificates',
    title: 'An end certificate may sign certificates',
    why: 'Readers that look at the key usage alone take it for an authority.',
    standard: `${BR}7.1.2.7.11`,
    since: '2012-07-01',
    zlint: ['e_sub_cert_key_usage_cert_sign_bit_set'],
    applies: ({ keyUsage, isAuthority }) => keyUsage !== undefined && !isAuthority,
    check: ({ keyUsage }) => keyUsage?.set.has('keyCertSign') === true && 'the key usage has keyCertSign',
  },
  {
    id: 'lint/subscriber-signs-crls',
    title: 'An end certificate may sign revocation lists',
    why: 'Readers that look at the key usage alone believe its lists.',
    standard: `${BR}7.1.2.7.11`,
    since: '2012-07-01',
    zlint: ['e_sub_cert_key_usage_crl_sign_bit_set'],
    applies: ({ keyUsage, isAuthority }) => keyUsage !== undefined && !isAuthority,
    check: ({ keyUsage }) => keyUsage?.set.has('cRLSign') === true && 'the key usage has cRLSign',
  },
  {
    id: 'lint/subscriber-extended-key-usage',
    title: 'The extended key usage of a certificate for browsers is not that of a server',
    why: 'A certificate for servers that is for other purposes as well escapes their checks.',
    standard: `${BR}7.1.2.7.10`,
    since: '2023-09-15',
    zlint: ['e_sub_cert_eku_check'],
    applies: withExtended,
    check(certificate) {
      const forbidden = [
        USAGE.any,
        USAGE.codeSigning,
        USAGE.timeStamping,
        USAGE.ocspSigning,
        USAGE.emailProtection,
      ];
      if (forbidden.some((usage) => hasUsage(certificate, usage)))
        return 'the extended key usage has one that a server must not have';
      if (!hasUsage(certificate, USAGE.serverAuth)) return 'the extended key usage has no serverAuth';
      const other = certificate.extendedKeyUsage?.find(
        (usage) => usage !== USAGE.serverAuth && usage !== USAGE.clientAuth,
      );
      return other && `the extended key usage has ${other} beside servers and clients`;
    },
  },
  {
    id: 'lint/subscriber-extended-key-usage-extra',
    severity: 'warning',
    title: 'The extended key usage of a certificate for browsers has more than servers, clients and mail',
    why: 'A certificate for servers that is for other purposes as well escapes their checks.',
    standard: `${BR}7.1.2.3, before 2.0.0`,
    since: '2012-07-01',
    until: '2023-09-15',
    zlint: ['w_sub_cert_eku_extra_values'],
    applies: (certificate) => certificate.isSubscriber && (certificate.extendedKeyUsage ?? []).some(isNamed),
    check: ({ extendedKeyUsage = [] }) =>
      extendedKeyUsage.some(
        (usage) =>
          isNamed(usage) &&
          usage !== USAGE.serverAuth &&
          usage !== USAGE.clientAuth &&
          usage !== USAGE.emailProtection,
      ) && 'the extended key usage has more than servers, clients and mail',
  },
  {
    id: 'lint/extended-key-usage-not-tls',
    title: 'The extended key usage has neither servers nor clients',
    why: 'A client that goes by the usage refuses the connection.',
    standard: `${BR}7.1.2.3, before 2.0.0`,
    since: '2012-07-01',
    until: '2023-09-15',
    zlint: ['e_sub_cert_eku_server_auth_client_auth_missing'],
    applies: ({ extendedKeyUsage = [] }) => extendedKeyUsage.some(isNamed),
    check: (certificate) =>
      !hasUsage(certificate, USAGE.serverAuth) &&
      !hasUsage(certificate, USAGE.clientAuth) &&
      'the extended key usage has neither servers nor clients',
  },
  {
    id: 'lint/client-usage-for-chrome',
    title: 'A certificate for servers is for clients, too',
    why: 'Chrome wants authorities for servers alone: such certificates are refused where they began too late.',
    standard: 'Chrome Root Program Policy 1.8, 1.3.2',
    source: 'Chrome',
    since: '2027-03-15',
    zlint: ['e_client_auth_not_allowed'],
    applies: (certificate) => certificate.isSubscriber && isServerCertificate(certificate),
    check: (certificate) =>
      hasUsage(certificate, USAGE.clientAuth) && 'the extended key usage has clientAuth',
  },
  {
    id: 'lint/subject-key-id-not-advised',
    severity: 'info',
    title: 'A certificate for browsers has a key identifier of its own',
    why: 'Nothing is looked up by it in an end certificate; it makes each handshake longer.',
    standard: `${BR}7.1.2.7.6`,
    since: '2023-09-15',
    zlint: ['w_ext_subject_key_identifier_not_recommended_subscriber'],
    applies: isSubscriber,
    check: (certificate) =>
      certificate.extension('subjectKeyIdentifier') !== undefined && 'it has a key identifier of its own',
  },
  {
    id: 'lint/organizational-unit',
    title: 'A certificate for browsers has an organizational unit',
    why: 'Nobody can check what stands there.',
    standard: `${BR}7.1.4.2.2`,
    since: '2022-09-01',
    zlint: ['e_organizational_unit_name_prohibited'],
    applies: notAuthority,
    check: (certificate) => has(certificate, 'OU') && 'the subject has an organizational unit',
  },
  {
    id: 'lint/organizational-unit-of-nobody',
    title: 'A subject has an organizational unit and no organization',
    why: 'There is nothing that it could be a unit of.',
    standard: `${BR}7.1.4.2.2`,
    since: '2021-08-16',
    zlint: ['e_subject_contains_organizational_unit_name_and_no_organization_name'],
    applies: (certificate) => has(certificate, 'OU'),
    check: (certificate) =>
      !has(certificate, 'O') && 'the subject has an organizational unit and no organization',
  },
  {
    id: 'lint/person-without-policy',
    title: 'A subject names a person, and the policy is not that of persons',
    why: 'The policy says what was checked; without it nobody knows that the person was.',
    standard: `${BR}7.1.4.2.2`,
    since: '2016-09-07',
    zlint: ['e_sub_cert_given_name_surname_contains_correct_policy'],
    applies: (certificate) => certificate.isSubscriber && (has(certificate, 'GN') || has(certificate, 'SN')),
    check: ({ policies = [] }) =>
      !policies.some(({ oid }) => oid === POLICY.individualValidated) &&
      'the subject names a person, and the policy is not that of persons',
  },
];

/** Usages with a name of their own in common libraries; those that are dotted only are looked at by other rules. */
const NAMED: ReadonlySet<string> = new Set([
  USAGE.any,
  USAGE.serverAuth,
  USAGE.clientAuth,
  USAGE.codeSigning,
  USAGE.emailProtection,
  USAGE.timeStamping,
  USAGE.ocspSigning,
]);

function isNamed(usage: string): boolean {
  return (
    NAMED.has(usage) || /^1\.3\.6\.1\.(?:5\.5\.7\.3|4\.1\.311\.\d+(?:\.\d+)*|5\.5\.7\.48)\.?\d*/.test(usage)
  );
}

export const rules: readonly LintRule[] = [
  ...missing,
  ...rulesOf({ source: 'CA/B TLS BR', remedy: AGAIN }, ROWS),
];
