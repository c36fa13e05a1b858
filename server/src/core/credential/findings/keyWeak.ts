import type { RuleMeta } from '../../rules/rule.ts';

export const keyWeak: RuleMeta = {
  id: 'key/weak',
  severity: 'error',
  title: 'The key is weaker than is allowed today',
  why: 'Whoever can afford the computing time finds the private key from the public one, and has everything that it protects. Below 112 bits of strength no use is approved any more; DSA is approved for nothing new; a curve with its parameters written out may be one that was made to be broken.',
  remedy:
    'Make a new key: ECDSA-P256 or Ed25519, or RSA of 3072 bits where something old must read it. Then replace what was issued for the old one.',
  standard: 'NIST SP 800-131A rev. 2, 3; FIPS 186-5; RFC 5480, 2.1.1',
};
