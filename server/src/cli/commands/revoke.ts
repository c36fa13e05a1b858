import { lifecycleCommand } from '../lifecycle/lifecycleCommand.ts';

export const revoke = lifecycleCommand({
  verb: 'revoke',
  summary: 'end a credential at its authority, before it expires',
  details:
    'Whoever issued it revokes it and publishes that: a revocation list, a list of revoked tokens. A key is closed in its store. This is final, so at a terminal the name is to be typed. With --former it ends what was replaced and is accepted still, as after a rotation because a key became known, and leaves what is in use. Reasons are those of RFC 5280, 5.3.1 that the authority accepts.',
  examples: [
    'idac revoke Certificate/payments/payments-api --reason keyCompromise --because "found in a log"',
    'idac revoke Certificate/payments/payments-api --machine payments-1 --reason keyCompromise',
    'idac revoke Certificate/payments/payments-api --former --reason keyCompromise',
  ],
  takesDue: false,
  takesReason: true,
  takesFormer: true,
});
