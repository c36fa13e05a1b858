import { isObject } from '../../manifest/path.ts';
import { durationOf } from '../../policy/durationOf.ts';
import type { CertificateRevocationMissingRule } from '../../schema/generated/specs.ts';
import { parseDuration } from '../../text/duration.ts';
import { relatedTo } from '../report.ts';
import { policyRule } from '../rule.ts';

const ISSUER = ['spec', 'issuer'];

export const rule = policyRule<CertificateRevocationMissingRule>({
  meta: {
    id: 'certificate/revocation-missing',
    severity: 'error',
    title: 'A certificate comes from an issuer that names no place to ask whether it is revoked',
    why: 'Revoking such a certificate changes nothing for those who verify it: they have nowhere to look.',
    remedy:
      'Let the issuer publish a list or answer by OCSP (`crl`, `ocsp`), or make the certificate short-lived.',
    standard: 'RFC 5280, 4.2.1.13; CA/Browser Forum Baseline Requirements, 7.1.2.11',
  },
  *judge(judged, { exceptBelow }) {
    const { resource, index, declaration } = judged;
    if (resource.kind !== 'Certificate' || declaration.issuer === null) return;
    const issuer = index.backend(declaration.issuer);
    // What other products put into a certificate is decided there, and seen in what they issue.
    if (issuer?.usable !== true || issuer.spec['type'] !== 'local') return;
    const authority = issuer.spec['authority'];
    const names = isObject(authority) && (authority['crl'] !== undefined || authority['ocsp'] !== undefined);
    const isShort =
      exceptBelow !== undefined && durationOf(judged).seconds < (parseDuration(exceptBelow) ?? 0);
    if (names || isShort) return;
    yield {
      path: ISSUER,
      message:
        'its issuer names neither a list nor OCSP, so nobody can see that it is revoked; add crl or ocsp there',
      related: () => [relatedTo(issuer, ['metadata', 'name'], 'the issuer')],
    };
  },
});
