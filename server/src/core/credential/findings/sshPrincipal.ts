import type { RuleMeta } from '../../rules/rule.ts';

export const sshPrincipal: RuleMeta = {
  id: 'ssh/principal',
  severity: 'warning',
  title: 'A principal of an SSH certificate does not count as it seems to',
  why: 'sshd compares the principals of users letter by letter, a wildcard, too; a comma or white space ends a principal in the lists that it is compared with.',
  remedy:
    'Name each account as it is called, or map principals to accounts on the server (AuthorizedPrincipalsFile).',
  standard: 'sshd_config(5), AuthorizedPrincipalsFile',
};
