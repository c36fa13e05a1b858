import type { RuleMeta } from '../../rules/rule.ts';

export const tokenHeader: RuleMeta = {
  id: 'token/header',
  severity: 'warning',
  title: 'A token says itself how it is to be checked',
  why: 'A key or an address of keys that a token brings along is chosen by whoever made it: a receiver that follows it takes tokens from anybody, or fetches what it is told to.',
  remedy: 'Leave "jwk", "jku", "x5u" and "x5c" out, and name the key with "kid" alone.',
  standard: 'RFC 8725, 3.10; RFC 7515, 4.1',
};
