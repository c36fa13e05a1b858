import type { RuleMeta } from '../../rules/rule.ts';

export const keyNotRandom: RuleMeta = {
  id: 'key/not-random',
  severity: 'warning',
  title: 'The key has a pattern that a random one never has',
  why: 'Keys are safe since nobody can guess how they were made. A modulus with long runs of one octet, or with far more zeros than ones, was not made of two random primes: it is damaged, comes from a faulty generator, or was shaped on purpose, and several such generators have been broken.',
  remedy:
    'Find out what made the key. Unless you know that it was shaped on purpose and how, make a new one and replace what was issued for it.',
  standard: 'FIPS 186-5, A.1',
};
