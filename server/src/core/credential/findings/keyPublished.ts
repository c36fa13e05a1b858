import type { RuleMeta } from '../../rules/rule.ts';

export const keyPublished: RuleMeta = {
  id: 'key/published',
  severity: 'error',
  title: 'The private key is published',
  why: 'The private half of this key stands in a standard, in a test suite or in what a vendor ships, for everybody to read. Whoever uses it proves nothing and hides nothing.',
  remedy:
    'Make a new key, replace and revoke what was issued for this one, and look for where the example was taken into use. In a test it is in its place.',
  standard: 'RFC 9500, 4',
};
