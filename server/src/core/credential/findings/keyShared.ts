import type { RuleMeta } from '../../rules/rule.ts';

export const keyShared: RuleMeta = {
  id: 'key/shared',
  severity: 'warning',
  title: 'One key serves several certificates or stands in several files',
  why: 'Whoever takes the key from one place has all of them, and all have to be replaced together.',
  remedy: 'Give each machine and each purpose a key of its own.',
  standard: 'NIST SP 800-57 Part 1, 5.2',
};
