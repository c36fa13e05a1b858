import type { RuleMeta } from '../../rules/rule.ts';

export const keyBadExponent: RuleMeta = {
  id: 'key/bad-exponent',
  severity: 'error',
  title: 'The public exponent of the RSA key makes it useless',
  why: 'With the exponent 1 a ciphertext is the text itself and everybody can sign. An even exponent has no private counterpart, and one above the modulus is refused by libraries. Such a key was damaged or never meant to protect anything.',
  remedy: 'Make a new key with the exponent 65537, and replace what was issued for this one.',
  standard: 'RFC 8017, 3.1; FIPS 186-5, A.1.1',
};
