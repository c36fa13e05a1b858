import type { RuleMeta } from '../../rules/rule.ts';

export const keyRoca: RuleMeta = {
  id: 'key/roca',
  severity: 'error',
  title: 'The key was made by a generator with the ROCA fault',
  why: 'A library in chips of Infineon made primes with a pattern, so that keys of 2,048 bits can be factored for some thousands of dollars of computing time, and shorter ones for less. Smart cards, TPMs, tokens and identity cards made before 2018 have it.',
  remedy:
    'Make a new key elsewhere or after the update of the firmware, replace what was issued for this one, and revoke it.',
  standard: 'CVE-2017-15361',
};
