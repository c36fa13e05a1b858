import type { RuleMeta } from '../../rules/rule.ts';

export const keyBadParameters: RuleMeta = {
  id: 'key/bad-parameters',
  severity: 'error',
  title: 'The numbers of the key do not belong together',
  why: 'The public number has to lie in the group that prime, order and generator span. If it does not, signatures can be forged or the private key leaks to whoever deals with the owner.',
  remedy: 'Refuse the key, and have a new one made: ECDSA-P256 or Ed25519.',
  standard: 'FIPS 186-4, 4.7 and A.1; SP 800-56A rev. 3, 5.6.2.3.1',
};
