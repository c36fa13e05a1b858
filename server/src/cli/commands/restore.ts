import { lifecycleCommand } from '../lifecycle/lifecycleCommand.ts';

export const restore = lifecycleCommand({
  verb: 'restore',
  summary: 'put the former credential back where the new one breaks something',
  details:
    'Where a target keeps former versions (kv of Vault or OpenBao), the credential that stood there before is put back, if it still counts. The newer one stays valid; the next rotation takes over from both.',
  examples: [
    'idac restore Certificate/payments/payments-api --plan',
    'idac restore Certificate/payments/payments-api --because "checkout does not trust the new chain"',
  ],
  takesDue: false,
  takesReason: false,
});
