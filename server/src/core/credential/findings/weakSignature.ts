import type { RuleMeta } from '../../rules/rule.ts';

export const weakSignature: RuleMeta = {
  id: 'credential/weak-signature',
  severity: 'error',
  title: 'It is signed over a digest that can be forged',
  why: 'For MD5 and SHA-1 two texts with the same digest can be made, so a signature for the one holds for the other, too. Browsers, operating systems and OpenSSL refuse such certificates.',
  remedy:
    'Have it issued again with SHA-256 or better. Of a root certificate the own signature is checked by nobody, so none is reported.',
  standard: 'NIST SP 800-131A rev. 2, 9; RFC 6194; RFC 6151',
};
