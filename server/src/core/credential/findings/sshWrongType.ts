import type { RuleMeta } from '../../rules/rule.ts';

export const sshWrongType: RuleMeta = {
  id: 'ssh/wrong-type',
  severity: 'error',
  title: 'An SSH certificate is of another type than what it is used for',
  why: 'A server that shows the certificate of a user, or a user who shows that of a host, is refused.',
  remedy: 'Have it issued with the type that is meant: ssh-keygen -h signs for hosts.',
  standard: 'OpenSSH PROTOCOL.certkeys, "type"',
};
