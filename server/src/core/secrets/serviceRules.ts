import type { RuleMeta } from '../rules/rule.ts';

export const SERVICE_TOKEN: RuleMeta = {
  id: 'secret/service-token',
  severity: 'error',
  title: 'A token for a service stands in a file',
  why: 'Whoever has it sends, reads or pays as its owner does, and nothing tells the two apart.',
  remedy: 'Revoke it where it was issued, then let the job take a token of its own from a secret store.',
};
