import type { RuleMeta } from '../../rules/rule.ts';

export const sshLongLived: RuleMeta = {
  id: 'ssh/long-lived',
  severity: 'warning',
  title: 'An SSH certificate counts for very long, or for ever',
  why: 'A stolen certificate lets in until it ends, or until each server has a list that revokes it, and few have one. Certificates take the place of keys because they end.',
  remedy:
    'Have certificates of users issued for hours or days, those of hosts for a year at most, and let them be renewed by a program.',
  standard: 'OpenSSH PROTOCOL.certkeys, "valid after"',
};
