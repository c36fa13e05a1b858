/** Certificates of OCSP responders (CA/Browser Forum TLS BR, 7.1.2.8). */
import type { CertificateView } from '../../certificateView.ts';
import { crlUrls } from '../../pointers.ts';
import { hasUsage, USAGE } from '../../purpose.ts';
import { rulesOf } from '../../rows.ts';

const isResponder = (certificate: CertificateView) => hasUsage(certificate, USAGE.ocspSigning);
const BR = 'CA/Browser Forum TLS BR, ';

export const rules = rulesOf(
  {
    source: 'CA/B TLS BR',
    remedy: 'Have the responder’s certificate issued again as the requirements want it.',
  },
  [
    {
      id: 'lint/responder-with-crl',
      title: 'A certificate of an OCSP responder says where lists are',
      why: 'Whoever asks the responder would have to look there first.',
      standard: `${BR}7.1.2.8.2`,
      since: '2023-09-15',
      anyPurpose: true,
      zlint: ['e_ocsp_cert_cdp_forbidden'],
      applies: isResponder,
      check: (certificate) =>
        crlUrls(certificate).length > 0 && 'it is a responder, and says where lists are',
    },
    {
      id: 'lint/responder-with-policies',
      title: 'A certificate of an OCSP responder has policies',
      why: 'Policies are about servers; a responder has none.',
      standard: `${BR}7.1.2.8.2`,
      since: '2023-09-15',
      anyPurpose: true,
      zlint: ['e_ocsp_cert_cp_forbidden'],
      applies: isResponder,
      check: ({ policies = [] }) => policies.length > 0 && 'it is a responder, and has policies',
    },
    {
      id: 'lint/responder-key-usage',
      title: 'A key of an OCSP responder is for more than signing',
      why: 'The key signs answers and nothing else.',
      standard: `${BR}7.1.2.8.7`,
      since: '2023-09-15',
      anyPurpose: true,
      zlint: ['e_ocsp_cert_invalid_ku'],
      applies: isResponder,
      check({ keyUsage }) {
        const other = [...(keyUsage?.set ?? [])].find((usage) => usage !== 'digitalSignature');
        return other && `it is a responder, and the key usage has ${other}`;
      },
    },
    {
      id: 'lint/responder-without-no-check',
      title: 'A certificate of an OCSP responder does not say that it need not be checked',
      why: 'Clients would have to ask whether the responder was revoked, and ask it itself.',
      standard: `${BR}4.9.9; RFC 6960, 4.2.2.2.1`,
      since: '2012-07-01',
      anyPurpose: true,
      zlint: ['e_ocsp_id_pkix_ocsp_nocheck_ext_not_included_server_auth'],
      applies: isResponder,
      check: (certificate) =>
        certificate.extension('ocspNoCheck') === undefined &&
        'it is a responder without id-pkix-ocsp-nocheck',
    },
  ],
);
