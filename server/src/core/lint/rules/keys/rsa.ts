import { toHex } from '../../../credential/octets.ts';
import { nullParameters } from '../../algorithms.ts';
import type { CertificateView } from '../../certificateView.ts';
import type { LintRule } from '../../lintRule.ts';
import { bitLength, type RsaNumbers } from '../../view/publicKey.ts';

const SHORTEST = 2048;
const NEW_KEY = 'Make a new key and have a certificate issued for it.';
const FACTOR_WHY = 'Whoever finds a factor of the modulus has the private key.';
const EXPONENT_WHY =
  'With such an exponent a signature can be forged, or a message read, without the private key.';

/** Since 2014 a key of 1024 bits is nowhere allowed any more (CA/Browser Forum TLS BR, 6.1.5). */
const END_OF_1024 = Date.UTC(2014, 0, 1);
const START_OF_2048_ROOTS = Date.UTC(2011, 0, 1);

const isRsa = ({ key }: CertificateView) => key?.kind === 'RSA' && key.rsa !== undefined;
const numbers = ({ key }: CertificateView): RsaNumbers =>
  key?.rsa ?? { modulus: new Uint8Array(), exponent: new Uint8Array(), bits: 0, negative: false };
const short = (bits: number, least: number) =>
  bits < least && `the key has ${bits} bits, and ${least} are the least`;
const ending = ({ notAfter }: CertificateView) => notAfter?.at ?? Number.POSITIVE_INFINITY;
const beginning = ({ notBefore }: CertificateView) => notBefore?.at ?? Number.POSITIVE_INFINITY;

/** Primes below 752 (CA/Browser Forum TLS BR, 6.1.6). */
const SMALL_PRIMES: readonly number[] = Array.from({ length: 752 }, (_, number) => number).filter(
  (number) =>
    number > 1 &&
    !Array.from({ length: 27 }, (_, at) => at + 2).some((each) => each < number && number % each === 0),
);

/** Products of some of them each, as large as a number takes. */
const GROUPS: readonly (readonly [product: bigint, primes: readonly number[]])[] = (() => {
  const groups: [bigint, number[]][] = [];
  for (const prime of SMALL_PRIMES) {
    const last = groups.at(-1);
    if (last !== undefined && last[0] * BigInt(prime) < Number.MAX_SAFE_INTEGER) {
      last[0] *= BigInt(prime);
      last[1].push(prime);
    } else groups.push([BigInt(prime), [prime]]);
  }
  return groups;
})();
const PRODUCT = GROUPS.reduce((product, [group]) => product * group, 1n);
/** Longer keys are looked at nowhere: dividing them costs more than they are worth. */
const LONGEST_DIVIDED = 2048;

/** One long division, and short ones of what is left. */
function hasSmallFactor(modulus: Uint8Array): boolean {
  if (modulus.length === 0 || modulus.length > LONGEST_DIVIDED) return false;
  const rest = BigInt(`0x${toHex(modulus)}`) % PRODUCT;
  return GROUPS.some(([product, primes]) => {
    const short = Number(rest % product);
    return primes.some((prime) => short % prime === 0);
  });
}

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/rsa-too-short',
      severity: 'error',
      title: 'An RSA key has less than 2048 bits',
      why: FACTOR_WHY,
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR, 6.1.5; NIST SP 800-131A',
      source: 'CA/B TLS BR',
      saidBy: 'key/weak',
      zlint: ['e_rsa_mod_less_than_2048_bits'],
    },
    applies: (certificate) => isRsa(certificate) && ending(certificate) >= END_OF_1024,
    check: (certificate) => short(numbers(certificate).bits, SHORTEST),
  },
  {
    meta: {
      id: 'lint/rsa-too-short-for-mozilla',
      severity: 'error',
      title: 'An RSA key has less than the 2048 bits that Mozilla wants',
      why: FACTOR_WHY,
      remedy: NEW_KEY,
      standard: 'Mozilla Root Store Policy, 5.1',
      source: 'Mozilla',
      since: '2017-02-28',
      saidBy: 'key/weak',
      zlint: ['e_mp_modulus_must_be_2048_bits_or_more'],
    },
    applies: isRsa,
    check: (certificate) => short(numbers(certificate).bits, SHORTEST),
  },
  {
    meta: {
      id: 'lint/old-root-rsa-too-short',
      severity: 'error',
      title: 'A root from before 2011 has an RSA key of less than 2048 bits',
      why: FACTOR_WHY,
      remedy: 'Trust another root in its place.',
      standard: 'CA/Browser Forum TLS BR, 6.1.5',
      source: 'CA/B TLS BR',
      saidBy: 'key/weak',
      zlint: ['e_old_root_ca_rsa_mod_less_than_2048_bits'],
    },
    applies: (certificate) =>
      isRsa(certificate) &&
      certificate.isAuthority &&
      certificate.isSelfSigned &&
      beginning(certificate) < START_OF_2048_ROOTS,
    check: (certificate) => short(numbers(certificate).bits, SHORTEST),
  },
  {
    meta: {
      id: 'lint/old-subordinate-rsa-too-short',
      severity: 'error',
      title: 'An authority that ended before 2014 has an RSA key of less than 1024 bits',
      why: FACTOR_WHY,
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR, 6.1.5',
      source: 'CA/B TLS BR',
      saidBy: 'key/weak',
      zlint: ['e_old_sub_ca_rsa_mod_less_than_1024_bits'],
    },
    applies: (certificate) =>
      isRsa(certificate) &&
      certificate.isAuthority &&
      !certificate.isSelfSigned &&
      beginning(certificate) < START_OF_2048_ROOTS &&
      ending(certificate) < END_OF_1024,
    check: (certificate) => short(numbers(certificate).bits, 1024),
  },
  {
    meta: {
      id: 'lint/old-subscriber-rsa-too-short',
      severity: 'error',
      title: 'A certificate that ended before 2014 has an RSA key of less than 1024 bits',
      why: FACTOR_WHY,
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR, 6.1.5',
      source: 'CA/B TLS BR',
      saidBy: 'key/weak',
      zlint: ['e_old_sub_cert_rsa_mod_less_than_1024_bits'],
    },
    applies: (certificate) =>
      isRsa(certificate) && !certificate.isAuthority && ending(certificate) < END_OF_1024,
    check: (certificate) => short(numbers(certificate).bits, 1024),
  },
  {
    meta: {
      id: 'lint/rsa-odd-size',
      severity: 'error',
      title: 'The size of an RSA key is no number of octets',
      why: 'Readers round such sizes differently, and some refuse the key.',
      remedy: NEW_KEY,
      standard: 'Mozilla Root Store Policy, 5.1',
      source: 'Mozilla',
      since: '2017-02-28',
      zlint: ['e_mp_modulus_must_be_divisible_by_8'],
    },
    applies: isRsa,
    check: (certificate) =>
      numbers(certificate).bits % 8 !== 0 &&
      `the key has ${numbers(certificate).bits} bits, which is no number of octets`,
  },
  {
    meta: {
      id: 'lint/rsa-even-modulus',
      severity: 'warning',
      title: 'The modulus of an RSA key is even',
      why: FACTOR_WHY,
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR, 6.1.6',
      source: 'CA/B TLS BR',
      since: '2013-02-21',
      zlint: ['w_rsa_mod_not_odd'],
    },
    applies: isRsa,
    check: (certificate) =>
      ((numbers(certificate).modulus.at(-1) ?? 0) & 1) === 0 && 'the modulus of the key is even',
  },
  {
    meta: {
      id: 'lint/rsa-small-factor',
      severity: 'warning',
      title: 'The modulus of an RSA key has a factor below 752',
      why: FACTOR_WHY,
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR, 6.1.6',
      source: 'CA/B TLS BR',
      since: '2013-02-21',
      zlint: ['w_rsa_mod_factors_smaller_than_752'],
    },
    applies: isRsa,
    check: (certificate) =>
      hasSmallFactor(numbers(certificate).modulus) && 'the modulus of the key has a factor below 752',
  },
  {
    meta: {
      id: 'lint/rsa-exponent-range',
      severity: 'warning',
      title: 'The exponent of an RSA key is below 65537 or above 2^256',
      why: 'Smaller ones leave room for attacks on padding, larger ones make each check slow.',
      remedy: `${NEW_KEY} Its exponent is best 65537.`,
      standard: 'CA/Browser Forum TLS BR, 6.1.6; FIPS 186-5, A.1.1',
      source: 'CA/B TLS BR',
      since: '2013-02-21',
      zlint: ['w_rsa_public_exponent_not_in_range'],
    },
    applies: isRsa,
    check(certificate) {
      const { exponent } = numbers(certificate);
      // 65536 has as many bits as 65537.
      const isSmall = bitLength(exponent) < 17 || toHex(exponent) === '010000';
      return (
        (isSmall || bitLength(exponent) > 256) && 'the exponent of the key is not between 65537 and 2^256'
      );
    },
  },
  {
    meta: {
      id: 'lint/rsa-even-exponent',
      severity: 'error',
      title: 'The exponent of an RSA key is even',
      why: 'There is no private key to it: what is encrypted cannot be read again.',
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR, 6.1.6',
      source: 'CA/B TLS BR',
      since: '2013-02-21',
      saidBy: 'key/bad-exponent',
      zlint: ['e_rsa_public_exponent_not_odd'],
    },
    applies: isRsa,
    check: (certificate) =>
      ((numbers(certificate).exponent.at(-1) ?? 0) & 1) === 0 && 'the exponent of the key is even',
  },
  {
    meta: {
      id: 'lint/rsa-exponent-too-small',
      severity: 'error',
      title: 'The exponent of an RSA key is below 3',
      why: EXPONENT_WHY,
      remedy: NEW_KEY,
      standard: 'CA/Browser Forum TLS BR, 6.1.6',
      source: 'CA/B TLS BR',
      since: '2013-02-21',
      saidBy: 'key/bad-exponent',
      zlint: ['e_rsa_public_exponent_too_small'],
    },
    applies: isRsa,
    check: (certificate) =>
      (numbers(certificate).negative || bitLength(numbers(certificate).exponent) < 2) &&
      'the exponent of the key is below 3',
  },
  {
    meta: {
      id: 'lint/rsa-exponent-one',
      severity: 'error',
      title: 'The exponent of an RSA key is 1',
      why: 'Every text is then its own signature.',
      remedy: NEW_KEY,
      standard: 'Mozilla Root Store Policy, 5.2',
      source: 'Mozilla',
      since: '2017-02-24',
      saidBy: 'key/bad-exponent',
      zlint: ['e_mp_exponent_cannot_be_one'],
    },
    applies: isRsa,
    check: (certificate) => bitLength(numbers(certificate).exponent) === 1 && 'the exponent of the key is 1',
  },
  {
    meta: {
      id: 'lint/rsa-negative',
      severity: 'error',
      title: 'The modulus or the exponent of an RSA key is negative',
      why: 'A zero octet in front is missing: readers take it for another number, or refuse it.',
      remedy: 'Have the certificate issued again with a key that is written as DER wants it.',
      standard: 'RFC 8017, A.1.1',
      source: 'RFC',
      zlint: ['e_rsa_exp_negative'],
    },
    applies: isRsa,
    check: (certificate) =>
      numbers(certificate).negative && 'the modulus or the exponent of the key is negative',
  },
  {
    meta: {
      id: 'lint/rsa-key-parameters',
      severity: 'error',
      title: 'The algorithm of an RSA key has parameters other than NULL',
      why: 'The standard leaves one way to write it, and strict readers refuse any other.',
      remedy: 'Have the certificate issued again with NULL as parameters.',
      standard: 'RFC 4055, 1.2; RFC 3279, 2.3.1',
      source: 'RFC',
      since: '2008-05-01',
      zlint: ['e_spki_rsa_encryption_parameter_not_null'],
    },
    applies: ({ key }) => key?.kind === 'RSA',
    check: ({ key }) => key !== undefined && nullParameters(key.algorithm),
  },
  {
    meta: {
      id: 'lint/rsa-pss-key',
      severity: 'error',
      title: 'A key is an RSASSA-PSS key',
      why: 'Browsers do not read it; RSA keys are written as rsaEncryption, whatever they sign with.',
      remedy: 'Have the certificate issued again with the key as rsaEncryption.',
      standard: 'Mozilla Root Store Policy, 5.1.1',
      source: 'Mozilla',
      since: '2020-01-01',
      zlint: ['e_mp_rsassa-pss_in_spki'],
    },
    applies: ({ key }) => key !== undefined,
    check: ({ key }) => key?.kind === 'RSASSA-PSS' && 'the key is an RSASSA-PSS key',
  },
];
