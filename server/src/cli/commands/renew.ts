import { lifecycleCommand } from '../lifecycle/lifecycleCommand.ts';

export const renew = lifecycleCommand({
  verb: 'renew',
  summary: 'make a new certificate; the key changes as the manifest says',
  details:
    'Replaces a certificate by a new one: made, delivered and verified before the old one is retired. `key.rotationPolicy` decides whether the key changes. Routine renewal revokes nothing.',
  examples: ['idac renew --due --yes', 'idac renew Certificate/payments/payments-api --plan'],
  takesDue: true,
  takesReason: false,
});
