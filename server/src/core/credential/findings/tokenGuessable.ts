import type { RuleMeta } from '../../rules/rule.ts';

export const tokenGuessable: RuleMeta = {
  id: 'token/guessable-secret',
  severity: 'error',
  title: 'A token is signed with a secret that everybody tries',
  why: 'Whoever has one such token finds the secret in seconds, and signs others in any name.',
  remedy:
    'Sign with a key pair, or with a random secret as long as the hash; withdraw the tokens that were signed with this one.',
  standard: 'RFC 8725, 3.5',
};
