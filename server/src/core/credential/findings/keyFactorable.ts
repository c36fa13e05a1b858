import type { RuleMeta } from '../../rules/rule.ts';

export const keyFactorable: RuleMeta = {
  id: 'key/factorable',
  severity: 'error',
  title: 'The private key can be computed from the public one',
  why: 'RSA is safe as long as nobody can find the two primes of the modulus. Here they can be found in moments: the primes are too close to each other, one is small or comes twice, or the private exponent is too short. Whoever has the public key, which stands in each certificate and each handshake, has the private key.',
  remedy:
    'Treat it as published: make a new key with a maintained library, replace what was issued for this one, and revoke it for key compromise. Look for the generator, too: other keys that it made will have the same fault.',
  standard: 'FIPS 186-5, A.1.1 and A.1.3; CVE-2022-26320; Wiener 1990',
};
