import type { RuleMeta } from '../../rules/rule.ts';

export const keySmallExponent: RuleMeta = {
  id: 'key/small-exponent',
  severity: 'info',
  title: 'The public exponent of the RSA key is smaller than 65537',
  why: 'The key itself is sound. But where software checks padding carelessly, signatures can be forged for small exponents, and an unpadded text that is sent to several receivers can be read. FIPS 186-5 allows no exponent below 65537.',
  remedy: 'Use 65537 for the next key.',
  standard: 'FIPS 186-5, A.1.1; CVE-2006-4339',
};
