import { lifecycleCommand } from '../lifecycle/lifecycleCommand.ts';

export const rotate = lifecycleCommand({
  verb: 'rotate',
  summary: 'make a new key and a new credential',
  details:
    'As renew, but always with a new key. The old credential is retired only when the new one is in place and verified.',
  examples: [
    'idac rotate Certificate/payments/payments-api',
    'idac rotate Machine/payments-1 --because "disk was replaced"',
  ],
  takesDue: false,
  takesReason: false,
});
