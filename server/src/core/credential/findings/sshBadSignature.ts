import type { RuleMeta } from '../../rules/rule.ts';

export const sshBadSignature: RuleMeta = {
  id: 'ssh/bad-signature',
  severity: 'error',
  title: 'An SSH certificate is not signed by the authority that it names',
  why: 'It was changed after it was signed, or an authority that is a certificate itself signed it, which OpenSSH does not allow. No server takes it.',
  remedy: 'Have it issued again.',
  standard: 'OpenSSH PROTOCOL.certkeys',
};
