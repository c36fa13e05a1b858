import type { RuleMeta } from '../../rules/rule.ts';

export const certificateExpired: RuleMeta = {
  id: 'certificate/expired',
  severity: 'error',
  title: 'a certificate has expired',
  why: 'Whoever checks it refuses it: connections fail from the moment it expired.',
  remedy: 'Renew it, and deliver the new one wherever this one is used.',
  standard: 'RFC 5280, 4.1.2.5',
};
