import type { RuleMeta } from '../../rules/rule.ts';

export const tokenUnsigned: RuleMeta = {
  id: 'token/unsigned',
  severity: 'error',
  title: 'A token is signed by nobody',
  why: 'Anybody can write another one. Libraries that take it let anybody in.',
  remedy: 'Have tokens signed, and let the receiver name the algorithms that it takes.',
  standard: 'RFC 8725, 3.1 and 3.2',
};
