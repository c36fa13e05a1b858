import type { RuleMeta } from '../../rules/rule.ts';

export const keySharedFactor: RuleMeta = {
  id: 'key/shared-factor',
  severity: 'error',
  title: 'The key shares a prime factor with another key',
  why: 'Two moduli with a common prime give both away: their greatest common divisor is that prime. It happens where keys are made on devices that have no good randomness yet. Whoever collects public keys finds such pairs; thousands of servers on the internet were found so.',
  remedy:
    'Make new keys for all that share, with a generator that was seeded well (not at the first start of a device or from a cloned image), replace what was issued for the old ones, and revoke them for key compromise.',
  standard: 'Heninger, Durumeric, Wustrow, Halderman: Mining Your Ps and Qs, 2012; NIST SP 800-90B',
};
