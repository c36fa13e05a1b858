import { lifecycleCommand } from '../lifecycle/lifecycleCommand.ts';

export const destroy = lifecycleCommand({
  verb: 'destroy',
  summary: 'destroy key material and the delivered copies',
  details:
    'Removes the delivered copies and destroys the private key or the token. This is final, so at a terminal the name is to be typed. What is still valid should be revoked first; the plan says so.',
  examples: ['idac destroy Certificate/payments/payments-api --plan'],
  takesDue: false,
  takesReason: false,
});
