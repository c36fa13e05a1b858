import { lifecycleCommand } from '../lifecycle/lifecycleCommand.ts';

export const issue = lifecycleCommand({
  verb: 'issue',
  summary: 'make a first credential, or one that the changed manifest asks for',
  details:
    'Makes a key where the manifest says, has the certificate or token issued, or the key or workload registered, by the backend, and delivers it, for each machine. Shows the plan and asks first.',
  examples: ['idac issue Certificate/payments/payments-api', 'idac issue -l environment=staging --yes'],
  takesDue: false,
  takesReason: false,
});
