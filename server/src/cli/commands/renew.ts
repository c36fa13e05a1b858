import { lifecycleCommand } from '../lifecycle/lifecycleCommand.ts';

export const renew = lifecycleCommand({
  verb: 'renew',
  summary: 'make a new credential; the key changes as the manifest says',
  details:
    'Replaces a credential by a new one: made, delivered and verified before the old one is retired. Of a certificate `key.rotationPolicy` decides whether the key changes, and the former one lapses by itself. A former token, SSH key or registration is revoked, a former key destroyed.',
  examples: ['idac renew --due --yes', 'idac renew Certificate/payments/payments-api --plan'],
  takesDue: true,
  takesReason: false,
});
