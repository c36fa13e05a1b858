import type { RuleMeta } from '../../rules/rule.ts';

export const keyGuessable: RuleMeta = {
  id: 'key/guessable',
  severity: 'error',
  title: 'The private number of the key can be guessed',
  why: 'A private number is safe as it is one of 2^256. One that is 1, very small or just below the order of the curve is found by whoever tries these first, and such keys come from tests, from damaged generators, or from forgers.',
  remedy: 'Treat it as published: make a new key, and replace and revoke what was issued for this one.',
  standard: 'FIPS 186-5, A.2; SP 800-56A rev. 3, 5.6.1.2',
};
