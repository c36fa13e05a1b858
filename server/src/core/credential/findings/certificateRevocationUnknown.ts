import type { RuleMeta } from '../../rules/rule.ts';

export const certificateRevocationUnknown: RuleMeta = {
  id: 'certificate/revocation-unknown',
  severity: 'warning',
  title: 'Whether a certificate was revoked cannot be told',
  why: 'Neither a list nor an answer that was given tells of it: none is about it, or what is is out of date or signed by nobody who may. Unknown is not good.',
  remedy: 'Get the current list or answer from the places that the certificate names.',
  standard: 'RFC 5280, 6.3; RFC 6960',
};
