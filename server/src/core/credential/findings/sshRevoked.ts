import type { RuleMeta } from '../../rules/rule.ts';

export const sshRevoked: RuleMeta = {
  id: 'ssh/revoked',
  severity: 'error',
  title: 'An SSH key or certificate is revoked',
  why: 'Servers that have the list refuse it; others let its holder in.',
  remedy:
    'Make a new key and have it certified, remove this one from where it lies, and see that every server has the list (RevokedKeys).',
  standard: 'OpenSSH PROTOCOL.krl',
};
