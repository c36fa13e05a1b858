/** The identity of the samples that lives its whole life in these tests: on two machines, so with two keys. */
export const SUBJECT = {
  manifest: 'payments/payments-api.identity.yaml',
  namespace: 'payments',
  name: 'payments-api',
} as const;

/** The samples' mistake on purpose: a machine that does not exist. */
export const MISTAKE = {
  manifest: 'depots/gates.identity.yaml',
  wrong: 'gate-leipzg',
  right: 'gate-leipzig',
} as const;
