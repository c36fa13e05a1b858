import type { RuleMeta } from '../../rules/rule.ts';

export const certificateNotYetValid: RuleMeta = {
  id: 'certificate/not-yet-valid',
  severity: 'warning',
  title: 'A certificate is not valid yet',
  why: 'Whoever checks it refuses it until its first day; a wrong clock on the issuer or here looks the same.',
  remedy: 'Wait, check both clocks, or have it issued again.',
  standard: 'RFC 5280, 4.1.2.5',
};
