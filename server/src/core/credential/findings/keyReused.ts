import type { RuleMeta } from '../../rules/rule.ts';

export const keyReused: RuleMeta = {
  id: 'key/reused',
  severity: 'warning',
  title: 'A certificate was renewed with the key of the one before',
  why: 'A key that goes on through renewals gets older than any of its certificates says, and whoever got hold of it once has it still. It is reported only where a policy names this rule.',
  remedy: 'Rotate the identity, and let its renewals make a new key (`key.rotationPolicy: Always`).',
  standard: 'NIST SP 800-57 Part 1 Rev. 5, 5.3',
};
