import type { RuleMeta } from '../../rules/rule.ts';

export const keyBadPoint: RuleMeta = {
  id: 'key/bad-point',
  severity: 'error',
  title: 'The public key is no valid point of its curve',
  why: 'A point outside of the curve, or one of small order, lets whoever made it learn the private key of the other side, agree on a secret that everybody knows, or forge signatures. Libraries that do not check have been broken so.',
  remedy: 'Refuse the key. Have its owner make a new one; look at how this one came into being.',
  standard: 'SP 800-56A rev. 3, 5.6.2.3; RFC 7748, 6.1; RFC 8032, 5.1.3; RFC 5480, 2.2',
};
