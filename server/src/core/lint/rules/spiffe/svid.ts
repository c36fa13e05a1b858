import { parseSpiffeId, spiffeIdProblem } from '../../../credential/spiffe/spiffeId.ts';
import type { CertificateView } from '../../certificateView.ts';
import { hasUsage, USAGE } from '../../purpose.ts';
import { rulesOf } from '../../rows.ts';
import { textsOf } from '../../view/alternativeName.ts';

const uris = ({ subjectAltName }: CertificateView) => textsOf(subjectAltName, 'uri');
const isLeaf = ({ isAuthority }: CertificateView) => !isAuthority;
const isAuthority = ({ isAuthority }: CertificateView) => isAuthority;
const withUsage = (certificate: CertificateView) => isLeaf(certificate) && certificate.keyUsage !== undefined;

export const rules = rulesOf(
  { source: 'SPIFFE', remedy: 'Have the SVID minted again as the X509-SVID standard wants it.' },
  [
    {
      id: 'lint/svid-one-uri',
      title: 'An SVID has another number of URIs than one',
      why: 'The URI is the identity: with two nobody knows whom to authorize, so that a verifier must refuse it.',
      standard: 'SPIFFE X509-SVID, 2',
      applies: isLeaf,
      check: (certificate) =>
        uris(certificate).length !== 1 && `it has ${uris(certificate).length} URIs, and an SVID has one`,
    },
    {
      id: 'lint/svid-id-malformed',
      title: 'The URI of an SVID is no SPIFFE ID',
      why: 'Authorization compares the text: what is not in its one form is equal to nothing, or to too much.',
      standard: 'SPIFFE-ID, 2',
      applies: (certificate) => uris(certificate).length > 0,
      check(certificate) {
        const problem = uris(certificate)
          .map(spiffeIdProblem)
          .find((each) => each !== undefined);
        return problem && `its URI is no SPIFFE ID: ${problem}`;
      },
    },
    {
      id: 'lint/svid-id-without-path',
      title: 'An SVID of a workload names its trust domain alone',
      why: 'Such an ID is that of the authority; no workload may have it.',
      standard: 'SPIFFE X509-SVID, 4.1',
      applies: (certificate) => isLeaf(certificate) && uris(certificate).length === 1,
      check: (certificate) =>
        parseSpiffeId(uris(certificate)[0] ?? '')?.path === '' && 'its SPIFFE ID has no path',
    },
    {
      id: 'lint/svid-authority-id-with-path',
      title: 'An authority of SPIFFE has an ID with a path',
      why: 'The ID of an authority is its trust domain; with a path it would be that of a workload.',
      standard: 'SPIFFE X509-SVID, 4.2',
      applies: (certificate) => isAuthority(certificate) && uris(certificate).length > 0,
      check: (certificate) =>
        uris(certificate).some((uri) => (parseSpiffeId(uri)?.path ?? '') !== '') &&
        'its SPIFFE ID has a path',
    },
    {
      id: 'lint/svid-authority-may-not-sign',
      title: 'An authority of SPIFFE may not sign certificates',
      why: 'What it mints is refused.',
      standard: 'SPIFFE X509-SVID, 4.2',
      applies: isAuthority,
      check: ({ keyUsage }) =>
        keyUsage?.set.has('keyCertSign') !== true && 'the key usage has no keyCertSign',
    },
    {
      id: 'lint/svid-without-key-usage',
      title: 'An SVID has no key usage',
      why: 'The standard wants it, and verifiers must refuse an SVID without it.',
      standard: 'SPIFFE X509-SVID, 4.3',
      applies: isLeaf,
      check: ({ keyUsage }) => keyUsage === undefined && 'it has no key usage',
    },
    {
      id: 'lint/svid-key-usage-not-critical',
      title: 'The key usage of an SVID is not critical',
      why: 'Who does not know the extension must refuse the SVID, not pass over the limit.',
      standard: 'SPIFFE X509-SVID, 4.3',
      applies: (certificate) => certificate.keyUsage !== undefined,
      check: (certificate) =>
        certificate.extension('keyUsage')?.critical === false && 'the key usage is not critical',
    },
    {
      id: 'lint/svid-cannot-sign',
      title: 'The key usage of an SVID has no digitalSignature',
      why: 'Without it the workload cannot prove in TLS who it is.',
      standard: 'SPIFFE X509-SVID, 4.3',
      applies: withUsage,
      check: ({ keyUsage }) =>
        keyUsage?.set.has('digitalSignature') === false && 'the key usage has no digitalSignature',
    },
    {
      id: 'lint/svid-signs-certificates',
      title: 'The key usage of an SVID lets the workload sign certificates or lists',
      why: 'A workload that passes for an authority mints identities: verifiers must refuse it.',
      standard: 'SPIFFE X509-SVID, 4.3 and 5.2',
      applies: withUsage,
      check: ({ keyUsage }) =>
        (keyUsage?.set.has('keyCertSign') === true || keyUsage?.set.has('cRLSign') === true) &&
        'the key usage has keyCertSign or cRLSign',
    },
    {
      id: 'lint/svid-extended-key-usage',
      severity: 'warning',
      title: 'The extended key usage of an SVID lacks servers or clients',
      why: 'Workloads are both; in one of the two roles TLS libraries refuse the SVID.',
      standard: 'SPIFFE X509-SVID, 4.4',
      applies: (certificate) => isLeaf(certificate) && certificate.extendedKeyUsage !== undefined,
      check: (certificate) =>
        !(hasUsage(certificate, USAGE.serverAuth) && hasUsage(certificate, USAGE.clientAuth)) &&
        'the extended key usage lacks serverAuth or clientAuth',
    },
  ],
);
