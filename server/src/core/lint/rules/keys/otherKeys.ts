import type { CertificateView } from '../../certificateView.ts';
import type { LintRule } from '../../lintRule.ts';
import type { KeyUsage } from '../../view/extensionValues.ts';
import { bitLength } from '../../view/publicKey.ts';

const NEW_KEY = 'Make an RSA key, or one on P-256 or P-384, and have a certificate issued for it.';
const DSA_WHY = 'Nothing new may use DSA (FIPS 186-5), and no browser reads it.';
const isDsa = ({ key }: CertificateView) => key?.kind === 'DSA';
const withUsage = ({ key, keyUsage }: CertificateView) => key?.kind === 'RSA' && keyUsage !== undefined;
const BROWSER_KINDS = ['RSA', 'EC', 'DSA', 'Ed25519'];

function extra({ keyUsage }: CertificateView, forbidden: readonly KeyUsage[]): string | undefined {
  const found = forbidden.find((usage) => keyUsage?.set.has(usage) === true);
  return found && `an RSA key has ${found}`;
}

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/dsa-key',
      severity: 'error',
      title: 'A key of a certificate for browsers is a DSA key',
      why: DSA_WHY,
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR, 6.1.5',
      source: 'CA/B TLS BR',
      since: '2020-08-20',
      saidBy: 'key/weak',
      zlint: ['e_br_prohibit_dsa_usage'],
    },
    check: (certificate) => isDsa(certificate) && 'the key is a DSA key',
  },
  {
    meta: {
      id: 'lint/dsa-key-for-mozilla',
      severity: 'error',
      title: 'A key is a DSA key, which Mozilla does not accept',
      why: DSA_WHY,
      remedy: NEW_KEY,
      standard: 'Mozilla Root Store Policy, 5.1',
      source: 'Mozilla',
      since: '2017-03-31',
      saidBy: 'key/weak',
      zlint: ['e_prohibit_dsa_usage'],
    },
    check: (certificate) => isDsa(certificate) && 'the key is a DSA key',
  },
  {
    meta: {
      id: 'lint/dsa-size',
      severity: 'error',
      title: 'The numbers of a DSA key have a size that was never allowed',
      why: DSA_WHY,
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR 1.7.0, 6.1.5',
      source: 'CA/B TLS BR',
      saidBy: 'key/weak',
      zlint: ['e_dsa_improper_modulus_or_divisor_size'],
    },
    applies: ({ key }) => key?.dsa !== undefined,
    check({ key }) {
      const [l, n] = [bitLength(key?.dsa?.p ?? new Uint8Array()), bitLength(key?.dsa?.q ?? new Uint8Array())];
      const isAllowed = (l === 2048 && (n === 224 || n === 256)) || (l === 3072 && n === 256);
      return !isAllowed && `the DSA key has ${l} and ${n} bits`;
    },
  },
  {
    meta: {
      id: 'lint/dsa-too-short',
      severity: 'error',
      title: 'A DSA key has less than 2048 bits',
      why: DSA_WHY,
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR 1.7.0, 6.1.5',
      source: 'CA/B TLS BR',
      until: '2020-08-20',
      saidBy: 'key/weak',
      zlint: ['e_dsa_shorter_than_2048_bits'],
    },
    applies: ({ key }) => key?.dsa !== undefined,
    check({ key }) {
      const [l, n] = [bitLength(key?.dsa?.p ?? new Uint8Array()), bitLength(key?.dsa?.q ?? new Uint8Array())];
      return (l < 2048 || n < 224) && `the DSA key has ${l} and ${n} bits`;
    },
  },
  {
    meta: {
      id: 'lint/key-kind-not-allowed',
      severity: 'error',
      title: 'A key is of a kind that browsers do not read',
      why: 'Browsers accept RSA and ECDSA alone.',
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR, 6.1.5',
      source: 'CA/B TLS BR',
      since: '2012-07-01',
      zlint: ['e_public_key_type_not_allowed'],
    },
    applies: ({ key }) => key !== undefined,
    check: ({ key }) =>
      key !== undefined && !BROWSER_KINDS.includes(key.kind) && `the key is of the kind ${key.algorithm.oid}`,
  },
  {
    meta: {
      id: 'lint/rsa-authority-usage',
      severity: 'error',
      title: 'An RSA key of an authority has a usage that RSA does not have',
      why: 'RSA agrees on no keys; readers take the certificate for malformed.',
      remedy: 'Have the authority issued again with keyCertSign, cRLSign and digitalSignature.',
      standard: 'RFC 3279, 2.3.1',
      source: 'RFC',
      since: '2002-04-01',
      zlint: ['e_rsa_allowed_ku_ca'],
    },
    applies: (certificate) => withUsage(certificate) && certificate.isAuthority,
    check: (certificate) => extra(certificate, ['keyAgreement', 'encipherOnly', 'decipherOnly']),
  },
  {
    meta: {
      id: 'lint/rsa-subscriber-usage',
      severity: 'error',
      title: 'An RSA key of an end certificate has a usage that it must not have',
      why: 'RSA agrees on no keys, and an end certificate signs no certificates and no lists.',
      remedy:
        'Have the certificate issued again with digitalSignature, and keyEncipherment where TLS 1.2 needs it.',
      standard: 'RFC 3279, 2.3.1',
      source: 'RFC',
      since: '2002-04-01',
      zlint: ['e_rsa_allowed_ku_ee'],
    },
    applies: (certificate) => withUsage(certificate) && certificate.isSubscriber,
    check: (certificate) =>
      extra(certificate, ['keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly']),
  },
  {
    meta: {
      id: 'lint/rsa-authority-enciphers',
      severity: 'warning',
      title: 'An RSA key of an authority signs certificates and enciphers',
      why: 'A key that does both can be made to sign by whoever has it decipher.',
      remedy: 'Have the authority issued again without keyEncipherment and dataEncipherment.',
      standard: 'RFC 3279, 2.3.1',
      source: 'RFC',
      since: '2002-04-01',
      zlint: ['e_rsa_allowed_ku_no_encipherment_ca'],
    },
    applies: (certificate) => withUsage(certificate) && certificate.isAuthority,
    check(certificate) {
      const usage = certificate.keyUsage?.set;
      if (usage?.has('keyCertSign') !== true && usage?.has('cRLSign') !== true) return undefined;
      return extra(certificate, ['keyEncipherment', 'dataEncipherment']);
    },
  },
];
