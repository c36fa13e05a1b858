import { content, whole } from '../../../credential/der.ts';
import { sameOctets } from '../../../credential/octets.ts';
import {
  algorithmHex,
  ECDSA_SIGNATURES,
  isRsaSignature,
  isSha1,
  nullParameters,
  RSASSA_PSS,
  SIGNATURES_FOR_BROWSERS,
} from '../../algorithms.ts';
import type { LintRule } from '../../lintRule.ts';

const FORGED =
  'Two certificates with the same digest can be made, so the signature of the one holds for the other, too.';
const AGAIN = 'Have it issued again with SHA-256 or better.';
const ENCODING_WHY = 'Browsers compare these octets; another way to say the same is refused.';
const ENCODING_REMEDY =
  'Have it issued again by an authority that writes the algorithm as the standard does.';
const MD = new Set(['1.2.840.113549.1.1.2', '1.2.840.113549.1.1.3', '1.2.840.113549.1.1.4']);

/** The three ways to write RSASSA-PSS that Mozilla accepts: one digest, for the mask too, and a salt as long. */
const PSS = [
  ['01', '20'],
  ['02', '30'],
  ['03', '40'],
].map(
  ([digest, salt]) =>
    `304106092a864886f70d01010a3034a00f300d06096086480165030402${digest}0500a11c301a06092a864886f70d010108300d06096086480165030402${digest}0500a2030201${salt}`,
);
/** ecdsa-with-SHA256, -SHA384, -SHA512, by the longest signature of the curve that goes with each. */
const ECDSA: readonly (readonly [longest: number, curve: string, hex: string])[] = [
  [72, 'P-256', '300a06082a8648ce3d040302'],
  [104, 'P-384', '300a06082a8648ce3d040303'],
  [140, 'P-521', '300a06082a8648ce3d040304'],
];
const SHA1_SUNSET = Date.UTC(2017, 0, 1);

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/signature-algorithms-differ',
      severity: 'error',
      title: 'A certificate names two signature algorithms',
      why: 'One stands in the signed part and one outside of it, which anybody can change; readers refuse the certificate.',
      remedy: 'Have it issued again.',
      standard: 'RFC 5280, 4.1.1.2',
      source: 'RFC',
      since: '2008-05-01',
      zlint: ['e_cert_sig_alg_not_match_tbs_sig_alg'],
    },
    applies: ({ declaredAlgorithm, signatureAlgorithm }) =>
      declaredAlgorithm !== undefined && signatureAlgorithm !== undefined,
    check: ({ declaredAlgorithm, signatureAlgorithm }) =>
      declaredAlgorithm !== undefined &&
      signatureAlgorithm !== undefined &&
      !sameOctets(whole(declaredAlgorithm.node), whole(signatureAlgorithm.node)) &&
      'the algorithm in the signed part is not that of the signature',
  },
  {
    meta: {
      id: 'lint/signature-rsa-parameters',
      severity: 'error',
      title: 'The algorithm of an RSA signature has parameters other than NULL',
      why: 'The standard leaves one way to write it, and strict readers refuse any other.',
      remedy: ENCODING_REMEDY,
      standard: 'RFC 4055, 5',
      source: 'RFC',
      since: '2008-05-01',
      zlint: ['e_tbs_signature_rsa_encryption_parameter_not_null'],
    },
    applies: ({ declaredAlgorithm, signatureAlgorithm }) =>
      declaredAlgorithm !== undefined &&
      signatureAlgorithm !== undefined &&
      isRsaSignature(signatureAlgorithm),
    check({ declaredAlgorithm, signatureAlgorithm }) {
      if (declaredAlgorithm === undefined) return undefined;
      if (declaredAlgorithm.oid !== signatureAlgorithm?.oid) return 'the signed part names another algorithm';
      return nullParameters(declaredAlgorithm);
    },
  },
  {
    meta: {
      id: 'lint/signature-sha1',
      severity: 'error',
      title: 'A certificate for browsers is signed over SHA-1',
      why: FORGED,
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR, 7.1.3.2.1',
      source: 'CA/B TLS BR',
      since: '2016-01-01',
      saidBy: 'credential/weak-signature',
      zlint: ['e_sub_cert_or_sub_ca_using_sha1'],
    },
    applies: ({ signatureAlgorithm }) => signatureAlgorithm !== undefined,
    check: ({ signatureAlgorithm }) =>
      signatureAlgorithm !== undefined && isSha1(signatureAlgorithm) && 'it is signed over SHA-1',
  },
  {
    meta: {
      id: 'lint/signature-sha1-after-2016',
      severity: 'warning',
      title: 'A certificate over SHA-1 holds beyond 2016',
      why: FORGED,
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR 1.2.1, 7.1.3',
      source: 'CA/B TLS BR',
      since: '2015-01-16',
      saidBy: 'credential/weak-signature',
      zlint: ['w_sub_cert_sha1_expiration_too_long'],
    },
    applies: ({ isAuthority, signatureAlgorithm, notAfter }) =>
      !isAuthority &&
      signatureAlgorithm !== undefined &&
      isSha1(signatureAlgorithm) &&
      notAfter?.at !== undefined,
    check: ({ notAfter }) =>
      (notAfter?.at ?? 0) > SHA1_SUNSET && 'it is signed over SHA-1, and holds beyond 2016',
  },
  {
    meta: {
      id: 'lint/signature-broken-digest',
      severity: 'error',
      title: 'A certificate is signed over MD2, MD4 or MD5',
      why: FORGED,
      remedy: AGAIN,
      standard: 'RFC 6151; NIST SP 800-131A',
      source: 'RFC',
      saidBy: 'credential/weak-signature',
      zlint: [],
    },
    applies: ({ signatureAlgorithm }) => signatureAlgorithm !== undefined,
    check: ({ signatureAlgorithm }) =>
      MD.has(signatureAlgorithm?.oid ?? '') && 'it is signed over a digest that can be forged on any machine',
  },
  {
    meta: {
      id: 'lint/signature-not-for-browsers',
      severity: 'error',
      title: 'A certificate is signed with an algorithm that browsers do not read',
      why: 'Browsers read RSA and ECDSA over SHA-256, SHA-384 and SHA-512.',
      remedy: AGAIN,
      standard: 'CA/Browser Forum TLS BR, 7.1.3.2',
      source: 'CA/B TLS BR',
      zlint: ['e_signature_algorithm_not_supported'],
    },
    applies: ({ signatureAlgorithm }) => signatureAlgorithm !== undefined,
    check: ({ signatureAlgorithm }) =>
      signatureAlgorithm !== undefined &&
      !SIGNATURES_FOR_BROWSERS.has(signatureAlgorithm.oid) &&
      `it is signed with ${signatureAlgorithm.oid}, which few browsers read`,
  },
  {
    meta: {
      id: 'lint/signature-pss-encoding',
      severity: 'error',
      title: 'The algorithm of an RSASSA-PSS signature is written in another way than Mozilla wants',
      why: ENCODING_WHY,
      remedy: ENCODING_REMEDY,
      standard: 'Mozilla Root Store Policy, 5.1.1',
      source: 'Mozilla',
      since: '2020-01-01',
      zlint: ['e_mp_rsassa-pss_parameters_encoding_in_signature_algorithm_correct'],
    },
    applies: ({ signatureAlgorithm, declaredAlgorithm }) =>
      signatureAlgorithm?.oid === RSASSA_PSS && declaredAlgorithm !== undefined,
    check: ({ declaredAlgorithm }) =>
      declaredAlgorithm !== undefined &&
      !PSS.includes(algorithmHex(declaredAlgorithm)) &&
      'the parameters of RSASSA-PSS are written in a way that is not allowed',
  },
  {
    meta: {
      id: 'lint/signature-ecdsa-encoding',
      severity: 'error',
      title: 'The algorithm of an ECDSA signature does not go with the curve that signed',
      why: ENCODING_WHY,
      remedy: 'Have it issued again: SHA-256 goes with P-256, SHA-384 with P-384.',
      standard: 'Mozilla Root Store Policy, 5.1.2',
      source: 'Mozilla',
      since: '2025-03-15',
      zlint: ['e_mp_ecdsa_signature_encoding_correct'],
    },
    applies: ({ signatureAlgorithm, declaredAlgorithm, signature }) =>
      ECDSA_SIGNATURES.has(signatureAlgorithm?.oid ?? '') &&
      declaredAlgorithm !== undefined &&
      signature !== undefined,
    check({ declaredAlgorithm, signature }) {
      if (declaredAlgorithm === undefined || signature === undefined) return undefined;
      const length = content(signature).length - 1;
      const step = ECDSA.find(([longest]) => length <= longest);
      if (step === undefined) return `the signature has ${length} octets, more than any curve gives`;
      const [, curve, hex] = step;
      return (
        algorithmHex(declaredAlgorithm) !== hex && `the algorithm is not that of a signature on ${curve}`
      );
    },
  },
];
