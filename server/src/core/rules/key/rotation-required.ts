import type { KeyRotationRequiredRule } from '../../schema/generated/specs.ts';
import { replaceValue } from '../report.ts';
import { policyRule } from '../rule.ts';

const POLICY = ['spec', 'key', 'rotationPolicy'];

export const rule = policyRule<KeyRotationRequiredRule>({
  meta: {
    id: 'key/rotation-required',
    severity: 'error',
    title: 'Renewals keep a key that a policy wants to change each time',
    why: 'A key that outlives its certificates was copied or lost at any time since it was made, and a renewal hides it.',
    remedy: 'Write `rotationPolicy: Always`, or leave it out.',
    standard: 'NIST SP 800-57 part 1, 5.3',
  },
  *judge({ declaration }) {
    if (declaration.key === null || declaration.key.changesOnRenewal) return;
    yield {
      path: POLICY,
      message: 'renewals keep the key, and each must make a new one; write "Always"',
      fixes: (resource) => [replaceValue(resource, POLICY, 'Always', true)],
    };
  },
});
