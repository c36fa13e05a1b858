import type { RuleMeta } from '../../rules/rule.ts';

export const sshOption: RuleMeta = {
  id: 'ssh/option',
  severity: 'error',
  title: 'An option of an SSH certificate is not known, or cannot be read',
  why: 'sshd refuses a certificate with a critical option that it does not know, and a client refuses a host that has one; so nobody gets in. An extension that is not known is ignored, and what it was to allow is not allowed.',
  remedy:
    'Have it issued with options that OpenSSH knows: force-command, source-address, verify-required, and the permit-… extensions; host certificates have none.',
  standard: 'OpenSSH PROTOCOL.certkeys, "Critical options" and "Extensions"',
};
