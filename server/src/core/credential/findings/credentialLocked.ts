import type { RuleMeta } from '../../rules/rule.ts';

export const credentialLocked: RuleMeta = {
  id: 'credential/locked',
  severity: 'info',
  title: 'An encrypted credential stayed closed',
  why: 'What is inside was not checked.',
  remedy: 'Give the password, if you have it and need to look inside.',
};
