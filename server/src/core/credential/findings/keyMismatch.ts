import type { RuleMeta } from '../../rules/rule.ts';

export const keyMismatch: RuleMeta = {
  id: 'key/mismatch',
  severity: 'error',
  title: 'A private key belongs to none of the certificates beside it',
  why: 'A server that is given both does not start, or fails each handshake.',
  remedy: 'Put the key beside the certificate that was issued for it.',
};
