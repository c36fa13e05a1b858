import type { RuleMeta } from '../../rules/rule.ts';

export const credentialEmpty: RuleMeta = {
  id: 'credential/empty',
  severity: 'warning',
  title: 'A file holds nothing',
  why: 'An empty file in the place of a credential is usually a delivery that failed halfway.',
  remedy: 'Deliver the credential again, or remove the file.',
};
