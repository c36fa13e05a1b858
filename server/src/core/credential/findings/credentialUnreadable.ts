import type { RuleMeta } from '../../rules/rule.ts';

export const credentialUnreadable: RuleMeta = {
  id: 'credential/unreadable',
  severity: 'error',
  title: 'A file could not be read',
  why: 'What could not be read was not checked.',
  remedy: 'Check that the file exists, that you may read it, and that it is no larger than the limit.',
};
