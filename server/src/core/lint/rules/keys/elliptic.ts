import { algorithmHex } from '../../algorithms.ts';
import type { CertificateView } from '../../certificateView.ts';
import type { LintRule } from '../../lintRule.ts';
import type { KeyUsage } from '../../view/extensionValues.ts';

const NEW_KEY = 'Make a new key on P-256 or P-384 and have a certificate issued for it.';
const BROWSER_CURVES: ReadonlySet<string | undefined> = new Set(['P256', 'P384', 'P521']);
const isElliptic = ({ key }: CertificateView) => key?.kind === 'EC';
const usageOf = ({ keyUsage }: CertificateView) => keyUsage?.set ?? new Set<KeyUsage>();
const withUsage = (certificate: CertificateView) =>
  isElliptic(certificate) && certificate.keyUsage !== undefined;
const ofSubscriber = (certificate: CertificateView) => withUsage(certificate) && certificate.isSubscriber;

/** id-ecPublicKey with P-256, P-384, P-521 (CA/Browser Forum TLS BR, 7.1.3.1.2), and rsaEncryption with NULL (7.1.3.1.1). */
const P256 = '301306072a8648ce3d020106082a8648ce3d030107';
const P384 = '301006072a8648ce3d020106052b81040022';
const P521 = '301006072a8648ce3d020106052b81040023';
const RSA = '300d06092a864886f70d0101010500';

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/curve-not-allowed',
      severity: 'error',
      title: 'A key is on another curve than P-256, P-384 and P-521',
      why: 'Browsers know these curves alone; a certificate on another one is refused.',
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR, 6.1.5',
      source: 'CA/B TLS BR',
      zlint: ['e_ec_improper_curves'],
    },
    applies: isElliptic,
    check: ({ key }) =>
      !BROWSER_CURVES.has(key?.curve?.name) &&
      `the key is on ${key?.curve?.name ?? 'a curve that has no name'}`,
  },
  {
    meta: {
      id: 'lint/curve-parameters-written-out',
      severity: 'error',
      title: 'A key writes the parameters of its curve out',
      why: 'Whoever writes them can choose a curve on which the private key is known: so certificates were forged in 2020 (CVE-2020-0601).',
      remedy: NEW_KEY,
      standard: 'RFC 5480, 2.1.1',
      source: 'RFC',
      saidBy: 'key/weak',
      zlint: [],
    },
    applies: isElliptic,
    check: ({ key }) => key?.curve === undefined && 'the key writes the parameters of its curve out',
  },
  {
    meta: {
      id: 'lint/key-algorithm-encoding',
      severity: 'error',
      title: 'The algorithm of a key is written in another way than browsers want',
      why: 'Browsers compare these octets; another way to say the same is refused.',
      remedy:
        'Have the certificate issued again with an RSA key, or one on P-256, P-384 or P-521, as the standard writes it.',
      standard: 'CA/Browser Forum TLS BR, 7.1.3.1',
      source: 'CA/B TLS BR',
      since: '2020-08-20',
      zlint: ['e_algorithm_identifier_improper_encoding'],
    },
    applies: ({ key }) => key !== undefined,
    check: ({ key }) =>
      key !== undefined &&
      ![RSA, P256, P384, P521].includes(algorithmHex(key.algorithm)) &&
      'the algorithm of the key is written in a way that is not allowed',
  },
  {
    meta: {
      id: 'lint/elliptic-algorithm-encoding',
      severity: 'error',
      title: 'The algorithm of a key on a curve is written in another way than Mozilla wants',
      why: 'Only P-256, P-384 and P-521 are accepted, in these octets.',
      remedy: NEW_KEY,
      standard: 'Mozilla Root Store Policy, 5.1.2',
      source: 'Mozilla',
      since: '2025-03-15',
      zlint: ['e_mp_ecdsa_pub_key_encoding_correct'],
    },
    applies: isElliptic,
    check: ({ key }) =>
      key !== undefined &&
      ![P256, P384, P521].includes(algorithmHex(key.algorithm)) &&
      'the algorithm of the key is written in a way that is not allowed',
  },
  {
    meta: {
      id: 'lint/elliptic-key-for-encipherment',
      severity: 'error',
      title: 'A key on a curve is for encipherment',
      why: 'Such a key signs and agrees on keys; it cannot encipher anything.',
      remedy: 'Have the certificate issued again with digitalSignature alone.',
      standard: 'RFC 8813, 3',
      source: 'RFC',
      since: '2020-08-01',
      zlint: ['e_ecdsa_allowed_ku'],
    },
    applies: withUsage,
    check(certificate) {
      const usage = usageOf(certificate);
      return (
        (usage.has('keyEncipherment') || usage.has('dataEncipherment')) &&
        'a key on a curve has keyEncipherment or dataEncipherment'
      );
    },
  },
  {
    meta: {
      id: 'lint/elliptic-key-usage-unusual',
      severity: 'info',
      title: 'A key on a curve has a usage that is not among those of the standard',
      why: 'RFC 5480 names digitalSignature, nonRepudiation and keyAgreement for end certificates.',
      remedy: 'Have the certificate issued again with digitalSignature alone.',
      standard: 'RFC 5480, 3',
      source: 'RFC',
      since: '2012-07-01',
      zlint: ['n_ecdsa_ee_invalid_ku'],
    },
    applies: ofSubscriber,
    check(certificate) {
      const usual: readonly KeyUsage[] = ['digitalSignature', 'nonRepudiation', 'keyAgreement'];
      const other = [...usageOf(certificate)].find((usage) => !usual.includes(usage));
      return other && `a key on a curve has ${other}`;
    },
  },
  {
    meta: {
      id: 'lint/elliptic-key-usage-for-browsers',
      severity: 'error',
      title: 'A key on a curve has another usage than browsers allow',
      why: 'digitalSignature is what TLS 1.3 needs, and nothing else but keyAgreement is allowed.',
      remedy: 'Have the certificate issued again with digitalSignature alone.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.7.11',
      source: 'CA/B TLS BR',
      since: '2023-09-15',
      zlint: ['e_cabf_ecc_allowed_key_usages'],
    },
    applies: ofSubscriber,
    check(certificate) {
      const usage = usageOf(certificate);
      if (!usage.has('digitalSignature')) return 'the key usage has no digitalSignature';
      const other = [...usage].find((each) => each !== 'digitalSignature' && each !== 'keyAgreement');
      return other && `a key on a curve has ${other}`;
    },
  },
  {
    meta: {
      id: 'lint/elliptic-key-agreement',
      severity: 'warning',
      title: 'A key on a curve is for agreeing on keys',
      why: 'It is for static ECDH, which has no forward secrecy and which nobody uses any more.',
      remedy: 'Have the certificate issued again with digitalSignature alone.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.7.11',
      source: 'CA/B TLS BR',
      since: '2023-09-15',
      zlint: ['w_cabf_ecc_ku_keyagreement_present'],
    },
    applies: ofSubscriber,
    check: (certificate) => usageOf(certificate).has('keyAgreement') && 'a key on a curve has keyAgreement',
  },
];
