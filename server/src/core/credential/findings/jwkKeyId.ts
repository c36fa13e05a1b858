import type { RuleMeta } from '../../rules/rule.ts';

export const jwkKeyId: RuleMeta = {
  id: 'jwk/key-id',
  severity: 'warning',
  title: 'A key of a set has no name of its own',
  why: 'Who checks a token finds its key by "kid". Without one every key has to be tried, and where two have the same the wrong one is taken: tokens are refused as soon as keys are rotated.',
  remedy: 'Give each key its own "kid", such as its thumbprint (RFC 7638).',
  standard: 'RFC 7517, 4.5',
};
