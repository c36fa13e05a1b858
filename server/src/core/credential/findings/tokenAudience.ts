import type { RuleMeta } from '../../rules/rule.ts';

export const tokenAudience: RuleMeta = {
  id: 'token/audience',
  severity: 'warning',
  title: 'A token does not say for whom, or by whom, it is',
  why: 'Each receiver that trusts the same key takes it, so that any of them can use it at the others.',
  remedy: 'Name the receiver ("aud") and the issuer ("iss"), and let receivers check both.',
  standard: 'RFC 8725, 3.8 and 3.9',
};
