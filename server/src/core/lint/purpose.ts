/** By whose requirements a certificate can be judged at all: what its usages and policies let it be used for. */

import { attempt } from '../credential/problem.ts';
import type { CertificateView } from './certificateView.ts';
import type { LintSource } from './lintRule.ts';
import { otherNameType } from './view/alternativeName.ts';

export const USAGE = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  precertificateSigning: '1.3.6.1.4.1.11129.2.4.4',
} as const;

/** What the CA/Browser Forum reserved (TLS BR, 7.1.6.1). */
export const POLICY = {
  any: '2.5.29.32.0',
  domainValidated: '2.23.140.1.2.1',
  organizationValidated: '2.23.140.1.2.2',
  individualValidated: '2.23.140.1.2.3',
  extendedValidated: '2.23.140.1.1',
  codeSigning: '2.23.140.1.4.1',
  codeSigningExtended: '2.23.140.1.3',
} as const;

export const RESERVED_TLS: ReadonlySet<string> = new Set([
  POLICY.domainValidated,
  POLICY.organizationValidated,
  POLICY.individualValidated,
  POLICY.extendedValidated,
]);
const CODE_SIGNING: ReadonlySet<string> = new Set([POLICY.codeSigning, POLICY.codeSigningExtended]);
const SMTP_UTF8_MAILBOX = '1.3.6.1.5.5.7.8.9';

export function hasPolicy({ policies = [] }: CertificateView, wanted: string): boolean {
  return policies.some(({ oid }) => oid === wanted);
}

export function hasUsage({ extendedKeyUsage = [] }: CertificateView, wanted: string): boolean {
  return extendedKeyUsage.includes(wanted);
}

/** A browser might accept it: no usage is said, or any, or that of a server, or a policy for servers. */
export function isServerCertificate({ extendedKeyUsage = [], policies = [] }: CertificateView): boolean {
  return (
    extendedKeyUsage.length === 0 ||
    extendedKeyUsage.includes(USAGE.any) ||
    extendedKeyUsage.includes(USAGE.serverAuth) ||
    policies.some(({ oid }) => RESERVED_TLS.has(oid))
  );
}

function isEmailCertificate({
  extendedKeyUsage = [],
  subjectAltName = [],
  policies = [],
}: CertificateView): boolean {
  if (policies.some(({ oid }) => /^2\.23\.140\.1\.5\.[1234]\.[123]$/.test(oid))) return true;
  const hasMailbox = subjectAltName.some(
    (each) => each.form === 'email' || attempt([], 'a name', () => otherNameType(each)) === SMTP_UTF8_MAILBOX,
  );
  const usages = extendedKeyUsage;
  return (
    hasMailbox &&
    (usages.length === 0 || usages.includes(USAGE.any) || usages.includes(USAGE.emailProtection))
  );
}

function isCodeSigningCertificate({ policies = [] }: CertificateView): boolean {
  return policies.some(({ oid }) => CODE_SIGNING.has(oid));
}

/** Requirements of the CA/Browser Forum have a scope of their own; those of others say in each rule whom they are about. */
export function isInScope(source: LintSource, certificate: CertificateView): boolean {
  switch (source) {
    case 'CA/B TLS BR':
      return isServerCertificate(certificate);
    case 'CA/B S/MIME BR':
      return isEmailCertificate(certificate);
    case 'CA/B CSBR':
      return isCodeSigningCertificate(certificate);
    default:
      return true;
  }
}
