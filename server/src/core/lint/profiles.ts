/** What a certificate plainly is, by its own word. */
import { attempt } from '../credential/problem.ts';
import type { CertificateView } from './certificateView.ts';
import type { LintProfile } from './lintRule.ts';
import { otherNameType } from './view/alternativeName.ts';

/** Arcs of the CA/Browser Forum (2.23.140.1): what was issued for browsers says so by one of these. */
const TLS_POLICIES = /^2\.23\.140\.1\.(?:1|2\.[123])$/;
const CODE_SIGNING_POLICIES = /^2\.23\.140\.1\.(?:3|4\.[12])$/;
const EMAIL_POLICIES = /^2\.23\.140\.1\.5\.[1234]\.[123]$/;
const HARDWARE_MODULE_NAME = '1.3.6.1.5.5.7.8.4';

export function profilesOf(certificate: CertificateView): ReadonlySet<LintProfile> {
  const profiles = new Set<LintProfile>(['rfc5280']);
  const policies = certificate.policies ?? [];
  const isLogged =
    certificate.extension('signedCertificateTimestamps') !== undefined ||
    certificate.extension('precertificatePoison') !== undefined;
  if (isLogged || policies.some(({ oid }) => TLS_POLICIES.test(oid))) profiles.add('tls-public');
  if (policies.some(({ oid }) => CODE_SIGNING_POLICIES.test(oid))) profiles.add('code-signing');
  if (policies.some(({ oid }) => EMAIL_POLICIES.test(oid))) profiles.add('email-public');
  const names = certificate.subjectAltName ?? [];
  if (names.some(({ form, text }) => form === 'uri' && /^spiffe:/i.test(text))) profiles.add('spiffe');
  const isHardware = names.some(
    (each) => attempt([], 'a name', () => otherNameType(each)) === HARDWARE_MODULE_NAME,
  );
  if (isHardware) profiles.add('device');
  return profiles;
}
