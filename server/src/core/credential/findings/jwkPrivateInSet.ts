import type { RuleMeta } from '../../rules/rule.ts';

export const jwkPrivateInSet: RuleMeta = {
  id: 'jwk/private-in-set',
  severity: 'error',
  title: 'A set of public keys holds a private one',
  why: 'Sets of keys are published, so that others can check what was signed. Whoever reads this one can sign, or read, as its owner.',
  remedy: 'Publish the public half alone, make a new key, and withdraw what the old one signed.',
  standard: 'RFC 7517, 9.2',
};
