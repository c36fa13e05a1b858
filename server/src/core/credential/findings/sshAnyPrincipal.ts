import type { RuleMeta } from '../../rules/rule.ts';

export const sshAnyPrincipal: RuleMeta = {
  id: 'ssh/any-principal',
  severity: 'error',
  title: 'An SSH certificate counts for every account, or for every host',
  why: 'A certificate without principals lets in as whoever its holder says, wherever a server does not insist on a principal; a host certificate for every name lets its holder be any host that a client asks for.',
  remedy: 'Have it issued for the accounts or hosts that it is meant for, and revoke this one.',
  standard: 'OpenSSH PROTOCOL.certkeys, "valid principals"',
};
