import type { RuleMeta } from '../../rules/rule.ts';

export const certificateRevoked: RuleMeta = {
  id: 'certificate/revoked',
  severity: 'error',
  title: 'A certificate was revoked',
  why: 'Its issuer took it back. Who checks that refuses it; who does not lets in whoever has its key.',
  remedy:
    'Replace it, and find out why it was revoked: after a compromise of its key whatever it protected must be looked at, too.',
  standard: 'RFC 5280, 6.3',
};
