import type { RuleMeta } from '../../rules/rule.ts';

export const keyShared: RuleMeta = {
  id: 'key/shared',
  severity: 'warning',
  title:
    'One key serves several identities, hosts or certificates, or its private half stands in several files',
  why: 'Whoever takes the key from one place has all of them, and all have to be replaced together.',
  remedy:
    'Give each machine and each purpose a key of its own. Where sharing is meant, say so: `keyPer: identity` with `keyPerReason` in the manifest, or `allow` with a reason in a policy on this rule.',
  standard: 'NIST SP 800-57 Part 1, 5.2',
};
