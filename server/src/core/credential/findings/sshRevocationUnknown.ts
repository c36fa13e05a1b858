import type { RuleMeta } from '../../rules/rule.ts';

export const sshRevocationUnknown: RuleMeta = {
  id: 'ssh/revocation-unknown',
  severity: 'warning',
  title: 'Whether an SSH key or certificate is revoked cannot be told',
  why: 'The list cannot be read, or not to its end. sshd refuses every key where that is so; here nothing follows from it.',
  remedy: 'Have the list made again (ssh-keygen -k), and see that it was copied whole.',
  standard: 'OpenSSH PROTOCOL.krl',
};
