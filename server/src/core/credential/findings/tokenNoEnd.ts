import type { RuleMeta } from '../../rules/rule.ts';

export const tokenNoEnd: RuleMeta = {
  id: 'token/no-end',
  severity: 'warning',
  title: 'A token counts for ever, or for very long',
  why: 'Whoever finds a token can use it until it ends, and nobody sees that there are two.',
  remedy: 'Issue tokens for minutes or hours ("exp"), and let them be renewed.',
  standard: 'RFC 7519, 4.1.4; RFC 8725, 3.10',
};
